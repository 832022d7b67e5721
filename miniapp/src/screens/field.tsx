import type { ComponentChildren } from 'preact';

interface Props {
  id: string;
  label: string;
  hint?: string;
  wrong?: string | undefined;
  children: ComponentChildren;
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
