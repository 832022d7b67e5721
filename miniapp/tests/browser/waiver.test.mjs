// A shop that asks for the waiver of the right of withdrawal: a renewal is paid with a tick, and not without.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { findBarriers, fitInto, openPage, openStage } from './stage.mjs';

let stage;
before(async () => {
  stage = await openStage({ filled: true, withdrawal_waiver: true });
});
after(() => stage.close());

/** An ended membership of somebody new. */
async function ended(options) {
  const person = await stage.shop.do('new_member');
  const opened = await openPage(stage, { path: '/memberships', person, telegram: true, ...options });
  const card = opened.page.locator('li.card', { has: opened.page.getByRole('heading', { name: 'Échecs' }) });
  const press = (name) => card.getByRole('button', { name }).click();
  return { ...opened, card, press, number: person.memberships.Échecs };
}

test('a renewal asks for the tick, says what is missing without it, and is paid with it', async () => {
  const { page, context, faults, seen, card, press, number } = await ended();
  await press(/Renouveler · 500/);
  const box = card.getByRole('checkbox', { name: /droit de rétractation/ });
  await box.waitFor();
  assert.equal(await box.isChecked(), false);
  await page.waitForFunction(() => document.activeElement?.getAttribute('type') === 'checkbox');
  await press(/Renouveler · 500/);
  await card.getByText('Sans cette coche').waitFor();
  assert.equal(await box.getAttribute('aria-invalid'), 'true');
  await press('Annuler');
  await box.waitFor({ state: 'detached' });
  assert.deepEqual(seen.acts, []);
  await press(/Renouveler · 500/);
  await box.waitFor();
  await page.keyboard.press('Space');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await page.waitForFunction(() => window.telegram.last('web_app_open_invoice')?.slug === 'invoice');
  await page.evaluate(() => window.telegram.tell('invoice_closed', { slug: 'invoice', status: 'paid' }));
  await card.getByText('Payé.').waitFor();
  assert.deepEqual(seen.acts, [`renew/${number}`]);
  assert.deepEqual(faults, []);
  await context.close();
});

for (const [theme, language] of [
  ['light', 'fr'],
  ['dark', 'en'],
])
  test(`the tick is readable and accessible in the ${theme} theme (${language})`, async () => {
    const { page, context, faults, card, press } = await ended({ theme, language });
    await press(/ · 500/);
    await card.getByRole('checkbox').waitFor();
    for (const missing of [false, true]) {
      if (missing) await press(/ · 500/);
      await card.locator(missing ? '.wrong' : '.field .muted').waitFor();
      assert.deepEqual(await findBarriers(page), []);
      const name = `waiver-${missing ? 'missing' : 'asked'}-${theme}-${language}`;
      await fitInto(page, [320, 390], name, card, {});
    }
    assert.deepEqual(faults, []);
    await context.close();
  });
