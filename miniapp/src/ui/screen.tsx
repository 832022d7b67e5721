import type { ComponentChildren } from 'preact';
import { useEffect } from 'preact/hooks';
import { say } from '../language.ts';
import { go } from '../router.ts';
import { native, showBack } from '../telegram.ts';
import { Icon } from './icons.tsx';

interface Props {
  title: string;
  /** The path of the screen above this one. */
  back?: string;
  aside?: ComponentChildren;
  children: ComponentChildren;
}

/** A screen's heading, its way back (Telegram's own arrow where there is one) and its content. */
export function Screen({ title, back, aside, children }: Props) {
  useEffect(() => (back ? showBack(() => go(back)) : undefined), [back]);
  useEffect(() => {
    document.title = title;
  }, [title]);
  return (
    <>
      <div class="head">
        {back && !native && (
          <a class="button plain back" href={`#${back}`} aria-label={say('action.back')}>
            <Icon name="back" />
          </a>
        )}
        <h1 class="grow">{title}</h1>
        {aside}
      </div>
      <div class="stack">{children}</div>
    </>
  );
}
