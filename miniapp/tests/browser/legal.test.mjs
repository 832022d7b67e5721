// Who sells, by law: a seller gives it in the settings, and reads beside each field what is wrong.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { findBarriers, fitInto, openPage, openStage } from './stage.mjs';

let stage;
before(async () => {
  stage = await openStage();
});
after(() => stage.close());

for (const theme of ['light', 'dark'])
  test(`a seller says who sells, in the ${theme} theme`, async () => {
    const person = await stage.shop.do('new_seller');
    const { page, context } = await openPage(stage, { path: '/settings', person, theme });
    const fill = (label, words) => page.getByLabel(label, { exact: true }).fill(words);
    const keep = () => page.getByRole('button', { name: 'Enregistrer' }).click();
    const wrong = (words) => page.locator('.wrong', { hasText: words }).waitFor();
    await fill('Nom légal', 'Awa SARL');
    await keep();
    await wrong('Une facture demande');
    const address = page.getByLabel('Adresse', { exact: true });
    assert.equal(await address.getAttribute('aria-invalid'), 'true');
    const border = (field) => field.evaluate((element) => getComputedStyle(element).borderTopColor);
    assert.notEqual(await border(address), await border(page.getByLabel('Nom légal', { exact: true })));
    assert.equal(await address.evaluate((element) => element === document.activeElement), true);
    await fill('Adresse', '12 rue des Abbesses\n75018 Paris');
    await fill('Numéro de TVA', '40123456789');
    await keep();
    await wrong('40123456789');
    await page.locator('#legal-vat_number:focus').waitFor();
    assert.deepEqual(await findBarriers(page), []);
    await fitInto(page, [320, 390], `legal-${theme}`);
    await fill('Numéro de TVA', 'fr 40 123 456 789');
    await keep();
    await page.getByText('Voici ce qui figure désormais').waitFor();
    assert.equal(await page.getByLabel('Numéro de TVA').inputValue(), 'FR40123456789');
    assert.deepEqual(await findBarriers(page), []);
    await context.close();
  });

test('who has no shop is not asked who sells', async () => {
  const person = await stage.shop.do('new_person');
  const { page, context } = await openPage(stage, { path: '/settings', person });
  await page.getByRole('heading', { name: 'Ce qu’on vous annonce' }).waitFor();
  assert.equal(await page.getByRole('heading', { name: 'Mes factures' }).count(), 0);
  await context.close();
});
