import { useEffect, useState } from 'preact/hooks';
import { say } from '../language.ts';

function useObjectUrl(file: File): string | null {
  const [url, setUrl] = useState<string | null>(null);
  useEffect(() => {
    const address = URL.createObjectURL(file);
    setUrl(address);
    return () => URL.revokeObjectURL(address);
  }, [file]);
  return url;
}

/** Whether there is anything to show of a file that is still on this device. */
export function canPreview(file: File): boolean {
  // SVG is left out: as an image it is harmless, but it is the one image type that can carry scripts.
  return /^(image\/(?!svg)|video\/|audio\/|application\/pdf$)/.test(file.type);
}

/** Shows a picture, film, sound or PDF from the device itself, before anything is uploaded (A78). */
export function LocalPreview({ file }: { file: File }) {
  const url = useObjectUrl(file);
  if (!url) return null;
  if (file.type.startsWith('image/'))
    return <img class="media" src={url} alt={say('preview.image', { name: file.name })} />;
  // biome-ignore lint/a11y/useMediaCaption: a person's own file, before it is uploaded, has no captions to offer.
  if (file.type.startsWith('video/')) return <video class="media" src={url} controls playsInline />;
  // biome-ignore lint/a11y/useMediaCaption: as above.
  if (file.type.startsWith('audio/')) return <audio src={url} controls />;
  if (!navigator.pdfViewerEnabled) return <p class="muted">{say('preview.noPdf')}</p>;
  return <iframe class="media" src={url} title={say('preview.image', { name: file.name })} />;
}
