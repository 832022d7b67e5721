import { useEffect, useRef } from 'preact/hooks';
import { hasButton, type NativeButton, showButton } from '../telegram.ts';
import { Button } from './kit.tsx';

/** The screen's main button and its second one: Telegram's own where it has them, else in the page. */
export function Actions({
  main,
  secondary,
}: {
  main?: NativeButton | null;
  secondary?: NativeButton | null;
}) {
  return (
    <div class="stack tight">
      {main && <Action which="main" button={main} />}
      {secondary && <Action which="secondary" button={secondary} />}
    </div>
  );
}

function Action({ which, button }: { which: 'main' | 'secondary'; button: NativeButton }) {
  const { text, disabled, busy, onClick } = button;
  const inTelegram = hasButton(which);
  const latest = useRef(onClick);
  latest.current = onClick;
  useEffect(() => {
    if (!inTelegram) return undefined;
    return showButton(which, { text, disabled, busy, onClick: () => latest.current() });
  }, [inTelegram, which, text, disabled, busy]);
  if (inTelegram) return null;
  const look = which === 'main' ? ({ kind: 'primary' } as const) : {};
  return (
    <Button {...look} wide disabled={disabled || busy} onClick={onClick}>
      {text}
    </Button>
  );
}
