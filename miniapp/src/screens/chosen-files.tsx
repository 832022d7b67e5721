import { formatSize } from '../format.ts';
import { say } from '../language.ts';
import { Icon } from '../ui/icons.tsx';
import { Button } from '../ui/kit.tsx';
import { canPreview, LocalPreview } from '../ui/local-preview.tsx';
import type { Picked } from '../uploads/queue.ts';

/** Files that will be uploaded once the form is sent, each with a look at it. */
export function ChosenFiles({ chosen, onChange }: { chosen: Picked[]; onChange: (left: Picked[]) => void }) {
  if (chosen.length === 0) return null;
  return (
    <ul class="files">
      {chosen.map(({ file }, index) => (
        <li key={`${file.name}/${file.size}/${file.lastModified}`}>
          <span class="grow">
            {file.name} <span class="muted">{formatSize(file.size)}</span>
          </span>
          <Button
            kind="plain"
            label={`${say('action.remove')}: ${file.name}`}
            onClick={() => onChange(chosen.filter((_, other) => other !== index))}
          >
            <Icon name="remove" />
          </Button>
          {canPreview(file) && <LocalPreview file={file} />}
        </li>
      ))}
    </ul>
  );
}
