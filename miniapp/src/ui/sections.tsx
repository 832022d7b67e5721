import type { SessionAnswer } from '../api/types.ts';
import { say } from '../language.ts';
import { useShop } from './context.ts';

export const SECTIONS = ['sales', 'members', 'numbers', 'people'] as const;
export type Section = (typeof SECTIONS)[number];

/** The figures that somebody may see: a shop's own, and an admin's of the whole market. */
export function sectionsOf(session: SessionAnswer): Section[] {
  const own: Section[] = session.shop ? ['sales', 'members'] : [];
  return session.user.roles.includes('admin') ? [...own, 'numbers', 'people'] : own;
}

/** The way from one of them to the others. */
export function Sections({ current }: { current: Section }) {
  const sections = sectionsOf(useShop().session);
  if (sections.length < 2) return null;
  return (
    <nav class="choices" aria-label={say('sections.label')}>
      {sections.map((name) => (
        <a key={name} href={`#/${name}`} aria-current={name === current ? 'page' : undefined}>
          {say(`sections.${name}`)}
        </a>
      ))}
    </nav>
  );
}
