import type { ComponentChildren } from 'preact';

interface Props {
  id: string;
  label: string;
  hint?: string | undefined;
  wrong?: string | undefined;
  children: ComponentChildren;
}

interface SearchProps {
  label: string;
  hint?: string | undefined;
  value: string;
  onChange: (words: string) => void;
}

/** A labelled control with its help, or with what is wrong with it. */
export function Field({ id, label, hint, wrong, children }: Props) {
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {children}
      <span id={`${id}-help`} class={wrong ? 'wrong' : 'muted'}>
        {wrong ?? hint}
      </span>
    </div>
  );
}

/** A field for words to look for. */
export function SearchField({ label, hint, value, onChange }: SearchProps) {
  return (
    <Field id="words" label={label} hint={hint}>
      <input
        id="words"
        type="search"
        autoComplete="off"
        maxLength={100}
        value={value}
        onInput={(event) => onChange(event.currentTarget.value)}
      />
    </Field>
  );
}
