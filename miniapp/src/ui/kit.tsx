import type { ComponentChildren } from 'preact';
import { say } from '../language.ts';
import { explain } from '../problems.ts';
import { Icon, type IconName } from './icons.tsx';

interface ButtonProps {
  children: ComponentChildren;
  onClick: () => void;
  kind?: 'primary' | 'plain' | 'danger' | undefined;
  wide?: boolean | undefined;
  disabled?: boolean | undefined;
  label?: string;
}

export function Button({ children, onClick, kind, wide, disabled, label }: ButtonProps) {
  const look = ['button', kind, wide && 'wide'].filter(Boolean).join(' ');
  return (
    <button type="button" class={look} onClick={onClick} disabled={disabled} aria-label={label}>
      {children}
    </button>
  );
}

export type Tone = 'plain' | 'good' | 'warn' | 'danger';

export function Badge({ tone, children }: { tone: Tone; children: ComponentChildren }) {
  return <span class={`badge ${tone}`}>{children}</span>;
}

interface PanelProps {
  tone: 'info' | 'warn' | 'success' | 'error';
  title?: string | undefined;
  children: ComponentChildren;
}

/** A message in the page; errors interrupt a screen reader, the rest waits its turn. */
export function Panel({ tone, title, children }: PanelProps) {
  return (
    <div class={`panel ${tone}`} role={tone === 'error' ? 'alert' : 'status'}>
      {title && <strong>{title}</strong>}
      {children}
    </div>
  );
}

/** What happened, and a way to try again. */
export function Failure({ error, onRetry }: { error: unknown; onRetry?: (() => void) | undefined }) {
  return (
    <Panel tone="error">
      <p>{explain(error)}</p>
      {onRetry && <Button onClick={onRetry}>{say('action.retry')}</Button>}
    </Panel>
  );
}

export function Loading() {
  return (
    <div role="status">
      <div class="spinner" />
      <span class="hidden">{say('app.loading')}</span>
    </div>
  );
}

interface EmptyProps {
  icon: IconName;
  title: string;
  hint?: string;
  children?: ComponentChildren;
}

export function Empty({ icon, title, hint, children }: EmptyProps) {
  return (
    <div class="card empty">
      <Icon name={icon} size={48} />
      <h2>{title}</h2>
      {hint && <p class="muted">{hint}</p>}
      {children}
    </div>
  );
}

interface ChoicesProps<T> {
  label: string;
  options: { value: T; text: string }[];
  chosen: T;
  onChoose: (value: T) => void;
}

/** One of a few, side by side. */
export function Choices<T extends string | number>({ label, options, chosen, onChoose }: ChoicesProps<T>) {
  return (
    <fieldset class="choices" aria-label={label}>
      {options.map(({ value, text }) => (
        <button key={value} type="button" aria-pressed={value === chosen} onClick={() => onChoose(value)}>
          {text}
        </button>
      ))}
    </fieldset>
  );
}
