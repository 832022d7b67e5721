import { useRef, useState } from 'preact/hooks';
import type { Picked } from '../uploads/queue.ts';
import { Icon } from './icons.tsx';

interface Props {
  title: string;
  hint?: string;
  accept?: string;
  multiple?: boolean;
  small?: boolean;
  onPick: (picked: Picked[]) => void;
}

/** Drop files on it, tap it, or reach it with the keyboard. */
export function Picker({ title, hint, accept, multiple = false, small = false, onPick }: Props) {
  const input = useRef<HTMLInputElement>(null);
  const [over, setOver] = useState(false);

  const choose = async () => {
    const picked = accept ? null : await pickWithHandles(multiple);
    if (picked === null) input.current?.click();
    else if (picked.length > 0) onPick(picked);
  };
  const drop = async (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    const picked = await readDrop(event.dataTransfer);
    if (picked.length > 0) onPick(multiple ? picked : picked.slice(0, 1));
  };

  return (
    <div>
      <button
        type="button"
        class={`drop ${over ? 'over' : ''} ${small ? 'small' : ''}`}
        onClick={choose}
        onDragOver={(event) => {
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={drop}
      >
        <Icon name="upload" size={small ? 24 : 40} />
        <span class="strong">{title}</span>
        {hint && <span class="muted">{hint}</span>}
      </button>
      <input
        ref={input}
        hidden
        type="file"
        accept={accept}
        multiple={multiple}
        onChange={({ currentTarget }) => {
          const files = Array.from(currentTarget.files ?? []);
          currentTarget.value = '';
          if (files.length > 0) onPick(files.map((file) => ({ file, handle: null })));
        }}
      />
    </div>
  );
}

/** The browser's picker that also gives handles; null where there is none, as in Telegram's own web views. */
async function pickWithHandles(multiple: boolean): Promise<Picked[] | null> {
  if (!window.showOpenFilePicker || window.parent !== window) return null;
  try {
    const handles = await window.showOpenFilePicker({ multiple });
    return await Promise.all(handles.map(async (handle) => ({ file: await handle.getFile(), handle })));
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') return [];
    if (error instanceof DOMException) return null;
    throw error;
  }
}

/** The files of a drop. Everything is asked for at once: the drop's data is gone after the first wait. */
async function readDrop(transfer: DataTransfer | null): Promise<Picked[]> {
  const items = Array.from(transfer?.items ?? []).filter((item) => item.kind === 'file');
  const entries = items.map((item) => ({
    file: item.getAsFile(),
    isFolder: item.webkitGetAsEntry()?.isDirectory ?? false,
    handle: item.getAsFileSystemHandle?.() ?? Promise.resolve(null),
  }));
  const picked: Picked[] = [];
  for (const { file, isFolder, handle } of entries) {
    const opened = await handle.catch(() => null); // a drop without a handle is a drop all the same
    if (!file || isFolder) continue;
    picked.push({ file, handle: opened instanceof FileSystemFileHandle ? opened : null });
  }
  return picked;
}
