import { useState } from 'preact/hooks';
import type { NotificationLine } from '../api/types.ts';
import { formatDate } from '../format.ts';
import { count, say } from '../language.ts';
import { go } from '../router.ts';
import { open } from '../telegram.ts';
import { useActing } from '../ui/acting.ts';
import { useShop } from '../ui/context.ts';
import { Badge, Button, Failure } from '../ui/kit.tsx';
import { useLoaded } from '../ui/loaded.ts';

/** What the person was told, newest first. */
export function Notices() {
  const { api } = useShop();
  const { data, error, reload } = useLoaded(() => api.notices(null), 'notices');
  if (error !== null) return <Failure error={error} onRetry={reload} />;
  if (!data || data.items.length === 0) return null;
  return (
    <section class="card stack tight">
      <div class="row apart">
        <h2 class="grow">{say('notices.title')}</h2>
        {data.unread > 0 && <Badge tone="warn">{count('notices.unread', data.unread)}</Badge>}
      </div>
      <Lines first={data.items} before={data.before} onRead={reload} />
    </section>
  );
}

/** To what a notification is about: a screen of ours, or the bot. */
function follow(url: string) {
  const own = `${location.origin}/app/#`;
  if (url.startsWith(own)) go(url.slice(own.length));
  else open(url);
}

interface Props {
  first: NotificationLine[];
  before: number | null;
  onRead: () => void;
}

function Lines({ first, before, onRead }: Props) {
  const { api } = useShop();
  const { busy, error, act } = useActing();
  const [older, setOlder] = useState<{ items: NotificationLine[]; before: number | null }>({
    items: [],
    before,
  });
  const notices = [...first, ...older.items];
  const unread = notices.filter(({ read_at }) => read_at === null).map(({ id }) => id);
  const more = (from: number) =>
    act(async () => {
      const page = await api.notices(from);
      setOlder({ items: [...older.items, ...page.items], before: page.before });
    });
  const read = () =>
    act(async () => {
      const ids = unread.slice(0, MOST);
      await api.readNotices(ids);
      const at = new Date().toISOString();
      const mark = (item: NotificationLine) => (ids.includes(item.id) ? { ...item, read_at: at } : item);
      setOlder({ ...older, items: older.items.map(mark) });
      onRead();
    });
  return (
    <>
      <ul class="files">
        {notices.map(({ id, title, message, action_url, created_at, read_at }) => (
          <li key={id} class="notice" data-unread={read_at === null || undefined}>
            <span class="strong grow">{title}</span>
            <span class="muted">{formatDate(created_at)}</span>
            <p class="muted lines">{message}</p>
            {action_url && (
              <Button kind="plain" onClick={() => follow(action_url)}>
                {say('notices.open')}
              </Button>
            )}
          </li>
        ))}
      </ul>
      <div class="row">
        {unread.length > 0 && (
          <Button onClick={read} disabled={busy}>
            {say('notices.read')}
          </Button>
        )}
        <a class="button" href="#/settings">
          {say('notices.choose')}
        </a>
        {older.before !== null && (
          <Button onClick={() => more(older.before as number)} disabled={busy}>
            {say('action.more')}
          </Button>
        )}
      </div>
      {error !== null && <Failure error={error} />}
    </>
  );
}

const MOST = 100; // that the API takes at once
