import { useState } from 'preact/hooks';
import type { ProductFile } from '../api/types.ts';
import { formatSize } from '../format.ts';
import { say } from '../language.ts';
import { go } from '../router.ts';
import { buzz } from '../telegram.ts';
import { useShop } from '../ui/context.ts';
import { Choices, Failure } from '../ui/kit.tsx';
import { Picker } from '../ui/picker.tsx';
import type { Picked } from '../uploads/queue.ts';

type Choice = ProductFile['preview_choice'];
const CHOICES: Choice[] = ['automatic', 'own', 'none'];

interface Props {
  product: number;
  file: ProductFile;
  onChange: () => void;
}

/** What buyers see of a file: its seller chooses, and an own sample is chosen by sending one. */
export function ShownFile({ product, file, onChange }: Props) {
  const { api, session, uploads } = useShop();
  const [chosen, setChosen] = useState<Choice>(file.preview_choice);
  const [error, setError] = useState<unknown>(null);
  const max = formatSize(session.limits.max_sample_size);

  const choose = async (choice: Choice) => {
    setError(null);
    setChosen(choice);
    if (choice === 'own' || choice === file.preview_choice) return;
    try {
      await api.chooseShown(file.id, choice);
      buzz('success');
      onChange();
    } catch (refusal) {
      buzz('error');
      setChosen(file.preview_choice);
      setError(refusal);
    }
  };
  const send = (picked: Picked[]) => {
    void uploads.add(picked.slice(0, 1), { product, purpose: 'sample', replaces: file.id });
    go(`/upload?product=${product}`);
  };

  return (
    <details class="shown">
      <summary>{say('shown.now', { choice: say(`shown.${file.preview_choice}`) })}</summary>
      <div class="stack tight">
        <Choices
          label={say('shown.ask', { name: file.name })}
          options={CHOICES.map((value) => ({ value, text: say(`shown.${value}`) }))}
          chosen={chosen}
          onChoose={(choice) => void choose(choice)}
        />
        {CHOICES.map((choice) => (
          <p key={choice} class="muted">
            <strong>{say(`shown.${choice}`)}</strong> – {say(`shown.${choice}Help`, { max })}
          </p>
        ))}
        {chosen === 'own' && (
          <Picker
            small
            title={say(file.preview_choice === 'own' ? 'shown.sendAnother' : 'shown.send')}
            hint={say('shown.sendHint', { max })}
            onPick={send}
          />
        )}
        {error !== null && <Failure error={error} />}
      </div>
    </details>
  );
}
