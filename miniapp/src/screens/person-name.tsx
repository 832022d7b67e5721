import type { ChannelPerson } from '../api/types.ts';

/** What is known of a person: their name, or what Telegram calls them. */
export function Name({ person: { name, username, telegram_id } }: { person: ChannelPerson }) {
  const handle = username ? `@${username}` : String(telegram_id);
  return (
    <>
      <span class="strong">{name || handle}</span>
      {name && <span class="muted"> {handle}</span>}
    </>
  );
}
