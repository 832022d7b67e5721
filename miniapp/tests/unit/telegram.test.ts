import { expect, test } from 'vitest';
import { isDark } from '../../src/telegram.ts';

test.each([
  ['#ffffff', false],
  ['#17212b', true],
  ['#efeff3', false],
  ['#0000ff', true],
  ['#ffff00', false],
])('%s is dark: %s', (color, dark) => {
  expect(isDark(color)).toBe(dark);
});
