import type { PreviewAnswer } from '../api/types.ts';
import { say } from '../language.ts';
import { Icon, type IconName } from './icons.tsx';

const ICONS: Record<PreviewAnswer['kind'], IconName> = {
  archive: 'archive',
  document: 'text',
  excerpt: 'text',
  film: 'film',
  pages: 'text',
  picture: 'picture',
  sound: 'sound',
  unknown: 'file',
};

interface Props {
  preview: PreviewAnswer | null;
  name: string;
}

/** A small square for lists: the picture in front, or an icon of the kind of file. */
export function Thumb({ preview }: { preview: PreviewAnswer | null }) {
  const front = preview?.pictures[0];
  if (front) return <img class="thumb" src={front} alt="" loading="lazy" />;
  return (
    <span class="thumb blank">
      <Icon name={preview ? ICONS[preview.kind] : 'products'} />
    </span>
  );
}

/** What there is to see: a teaser that plays by itself, or the picture in front, and the others beside it. */
export function Gallery({ preview, name }: Props) {
  if (!preview) return null;
  const { teaser, pictures, kind } = preview;
  const [front, ...others] = pictures;
  return (
    <>
      {teaser && <Teaser address={teaser} poster={front} name={name} />}
      {!teaser && front && <img class="picture" src={front} alt={say('preview.image', { name })} />}
      {!front && (
        <span class="picture blank">
          <Icon name={ICONS[kind]} size={56} />
        </span>
      )}
      {others.length > 0 && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard (WCAG 2.1.1).
        <ul class="album" tabIndex={0} aria-label={say('preview.album')}>
          {others.map((address, index) => (
            <li key={address}>
              <img src={address} alt={say('preview.number', { name, number: index + 2 })} loading="lazy" />
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

/** Muted and looped; who asked for less motion, or to save data, starts it by hand. */
function Teaser({ address, poster, name }: { address: string; poster: string | undefined; name: string }) {
  const calm = matchMedia('(prefers-reduced-motion: reduce), (prefers-reduced-data: reduce)').matches;
  return (
    <video
      class="picture"
      src={address}
      poster={poster}
      aria-label={say('preview.teaser', { name })}
      autoPlay={!calm}
      controls={calm}
      preload={calm ? 'none' : 'auto'}
      muted
      loop
      playsInline
    />
  );
}

/** The preview in words: what the file is, and the head of what is inside. */
export function Inside({ preview }: { preview: PreviewAnswer | null }) {
  if (!preview?.text) return null;
  const { kind, text, lines } = preview;
  return (
    <section class="card stack tight">
      <h2>{say('preview.inside')}</h2>
      <p class="lines row start">
        <Icon name={ICONS[kind]} />
        <span class="grow">{text}</span>
      </p>
      {lines.length > 0 && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: as above.
        <pre class="inside" tabIndex={0}>
          {lines.join('\n')}
        </pre>
      )}
    </section>
  );
}
