// The settings: language, the address for mail in all its states, and what is told by which way.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { findBarriers, fitInto, openPage, openStage } from './stage.mjs';

let stage;
before(async () => {
  stage = await openStage({ smtp_host: '127.0.0.1' });
});
after(() => stage.close());

const press = (scope, name) => scope.getByRole('button', { name, exact: true }).click();
const field = (page) => page.getByLabel('Votre adresse e-mail');

/** The settings of somebody new, and what can be done with the mail that comes to them. */
async function settingsPage(options) {
  const person = await stage.shop.do('new_person');
  const opened = await openPage(stage, { path: '/settings', person, ...options });
  const answer = (how) => stage.shop.do('answer_mail', { telegram_id: person.telegram_id, answer: how });
  return { ...opened, person, answer };
}

/** As when somebody comes back from their mail. */
const comeBack = (page) => page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')));

async function give(page, address) {
  await field(page).fill(address);
  await field(page).press('Enter');
}

test('the settings are found from every screen and from the news', async () => {
  const { page, context } = await settingsPage({ path: '/library' });
  await page.getByRole('link', { name: 'Réglages' }).click();
  await page.getByRole('heading', { name: 'Ce qu’on vous annonce' }).waitFor();
  await context.close();
});

test('an address is given, confirmed in the mail, changed and removed', async () => {
  const { page, context, faults, answer } = await settingsPage();
  await give(page, 'awa@example.org');
  await page.getByText('Un lien part vers awa@example.org').waitFor();
  await press(page, 'Renvoyer le lien');
  await page.getByText('À confirmer').waitFor();
  await answer('confirmed');
  await comeBack(page);
  await page.getByText('Les e-mails vont à awa@example.org').waitFor();
  await press(page, 'Une autre adresse');
  await give(page, 'awa.diop@example.org');
  await page.getByText('Un lien part vers awa.diop@example.org').waitFor();
  await press(page, 'Retirer l’adresse');
  await press(page, 'La garder');
  await press(page, 'Retirer l’adresse');
  await press(page, 'Oui, la retirer');
  await page.getByText('Donnez une adresse pour être prévenu').waitFor();
  assert.equal(await field(page).inputValue(), '');
  assert.deepEqual(faults, []);
  await context.close();
});

test('what is no address is said beside the field, and the field is ready for the next try', async () => {
  const { page, context } = await settingsPage();
  for (const words of ['', 'a', 'awa@', 'Awa <awa@example.org>', 'awa@example']) {
    await give(page, words);
    await page.locator('.wrong', { hasText: 'nom@exemple' }).waitFor();
    assert.equal(await field(page).getAttribute('aria-invalid'), 'true');
    await page.waitForFunction(() => document.activeElement?.id === 'address');
  }
  assert.deepEqual(await findBarriers(page), []);
  await context.close();
});

test('who asks too often is told when to try again', async () => {
  const { page, context } = await settingsPage();
  await give(page, 'often@example.org');
  await page.getByText('Un lien part vers').waitFor();
  for (let turn = 0; turn < 4; turn += 1) {
    const answered = page.waitForResponse((response) => response.request().method() === 'PUT');
    await press(page, 'Renvoyer le lien');
    await answered;
  }
  await press(page, 'Renvoyer le lien');
  await page
    .getByRole('alert')
    .getByText(/Réessayez/)
    .waitFor();
  await context.close();
});

test('a kind of news is switched by each way that it may take, and the shop keeps it', async () => {
  const { page, context, person } = await settingsPage();
  const mails = page.getByRole('checkbox', { name: /Paiement confirmé : E-mail/ });
  assert.equal(await page.getByRole('checkbox', { name: /Paiement confirmé : Telegram/ }).count(), 0);
  await mails.click();
  await page.locator('input[type=checkbox]:enabled').first().waitFor();
  assert.equal(await mails.isChecked(), false);
  await context.close();
  const again = await openPage(stage, { path: '/settings', person });
  const kept = again.page.getByRole('checkbox', { name: /Paiement confirmé : E-mail/ });
  await kept.waitFor();
  assert.equal(await kept.isChecked(), false);
  await again.context.close();
});

test('the language is chosen there too, and what the shop names follows', async () => {
  const { page, context, person } = await settingsPage();
  await press(page, 'English');
  await page.getByRole('heading', { name: 'What you are told' }).waitFor();
  await page.getByText('Payment confirmed').waitFor();
  assert.equal(await stage.shop.do('language', { telegram_id: person.telegram_id }), 'en');
  await context.close();
});

const STATES = { none: null, asked: null, confirmed: 'confirmed', stopped: 'stopped', refused: 'bounced' };

for (const theme of ['light', 'dark'])
  for (const [state, outcome] of Object.entries(STATES))
    test(`an address that is ${state} is readable and accessible in the ${theme} theme`, async () => {
      const { page, context, answer, faults } = await settingsPage({ theme });
      if (state !== 'none') {
        await give(page, `une-adresse.assez.longue+${state}-${theme}@boutique-de-couture.example.org`);
        await page.getByText('À confirmer').waitFor();
        if (outcome) await answer(outcome);
        await comeBack(page);
      }
      for (const language of ['Français', 'English']) {
        await press(page, language);
        await page.waitForFunction(
          (text) => document.querySelector('[aria-pressed=true]')?.textContent === text,
          language,
        );
        await page.waitForFunction(() => document.querySelector('.spinner') === null);
        await page.locator('.kind').first().waitFor();
        await fitInto(page, [320, 390], `settings-${state}-${theme}-${language.slice(0, 2)}`);
        assert.deepEqual(await findBarriers(page), []);
      }
      assert.deepEqual(faults, []);
      await context.close();
    });
