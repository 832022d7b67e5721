import { useState } from 'preact/hooks';
import type { Api } from '../api/calls.ts';
import type { MembershipAnswer, MembershipChannel } from '../api/types.ts';
import { say } from '../language.ts';
import { open } from '../telegram.ts';
import { useActing } from '../ui/acting.ts';
import { useShop } from '../ui/context.ts';
import { Badge, Button, Failure, Panel } from '../ui/kit.tsx';

const LOOKS = 8; // for a link that Telegram is making
const PAUSE = 1000; // milliseconds between two looks

/** The channels of a membership: inside, or the way in. */
export function Places({ item }: { item: MembershipAnswer }) {
  return (
    <ul class="files">
      {item.channels.map((place) => (
        <Place key={place.id} item={item} place={place} />
      ))}
    </ul>
  );
}

function Place({ item, place }: { item: MembershipAnswer; place: MembershipChannel }) {
  const { api } = useShop();
  const { busy, error, act } = useActing();
  const [sent, setSent] = useState(false);
  const join = () =>
    act(async () => {
      const link = place.link ?? (await askWayIn(api, item.id, place.id));
      if (link) open(link);
      else setSent(true);
    });
  return (
    <li>
      <span class="grow">{place.title}</span>
      {place.inside && <Badge tone="good">{say('memberships.inside')}</Badge>}
      {!place.inside && !item.can.enter && <span class="muted">{say('memberships.outside')}</span>}
      {!place.inside && item.can.enter && (
        <Button onClick={join} disabled={busy} label={say('memberships.joinNamed', { channel: place.title })}>
          {say('memberships.join')}
        </Button>
      )}
      {sent && <Panel tone="info">{say('memberships.sent')}</Panel>}
      {error !== null && <Failure error={error} onRetry={join} />}
    </li>
  );
}

/** Has a link made, which the bot sends as well; null when Telegram takes longer than anybody should wait. */
async function askWayIn(api: Api, membership: number, channel: number): Promise<string | null> {
  let item = await api.act(membership, 'join');
  for (let look = 0; ; look += 1) {
    const link = item.channels.find(({ id }) => id === channel)?.link ?? null;
    if (link || look === LOOKS) return link;
    await new Promise((resolve) => setTimeout(resolve, PAUSE));
    item = await api.membership(membership);
  }
}
