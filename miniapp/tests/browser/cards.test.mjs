// Card payments: from “Connect Stripe” over the loopback Stripe's form and back, in both languages.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { findBarriers, openPage, openStage, photograph } from './stage.mjs';
import { openStripe } from './stripe.mjs';

let stage;
let stripe;
before(async () => {
  stripe = await openStripe();
  stage = await openStage({
    filled: true,
    stripe_secret_key: stripe.key,
    stripe_webhook_secrets: 'whsec_of_the_tests',
    stripe_address: stripe.url,
  });
});
after(async () => {
  await stage.close();
  stripe.close();
});

const WORDS = {
  en: {
    connect: 'Connect Stripe',
    goOn: 'Continue at Stripe',
    active: 'Active',
    toFinish: 'Unfinished',
    price: 'Set a card price on a product',
    off: 'Disconnect Stripe',
    offYes: 'Yes, disconnect',
    vat: 'Calculate VAT',
    vatWaits: /^Waiting for Stripe Tax/,
    vatAgain: 'Check again',
    vatOn: /^Stripe Tax calculates the VAT/,
    vatEnd: 'Stop calculating VAT',
    thanks: 'You are back from Stripe',
    missing: 'your business',
  },
  fr: {
    connect: 'Relier Stripe',
    goOn: 'Continuer chez Stripe',
    active: 'Actif',
    toFinish: 'À terminer',
    price: 'Donner un prix par carte à un produit',
    off: 'Délier Stripe',
    offYes: 'Oui, délier',
    vat: 'Calculer la TVA',
    vatWaits: /^En attente de Stripe Tax/,
    vatAgain: 'Vérifier de nouveau',
    vatOn: /^Stripe Tax calcule la TVA/,
    vatEnd: 'Ne plus calculer la TVA',
    thanks: 'Vous revenez de chez Stripe',
    missing: 'votre activité',
  },
};

const comeBack = (page) => page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')));

/** Presses a button that leads to Stripe, and one of Stripe's; where the browser comes back to. */
async function fill(page, label, act) {
  const opened = page.waitForEvent('popup');
  await page.getByRole('button', { name: label, exact: true }).click();
  const form = await opened;
  await form.locator(`form:has(input[value="${act}"]) button`).click();
  await form.waitForURL(/\/stripe\/back\//);
  return form;
}

/** Asks for VAT, registers with Stripe Tax, and ends it. */
async function chooseVat(page, words, photo) {
  const press = (name) => page.getByRole('button', { name, exact: true }).click();
  await press(words.vat);
  await page.getByText(words.vatWaits).waitFor();
  assert.deepEqual(await findBarriers(page), []);
  await photo('vat-asked', page, { fullPage: true });
  const { data } = await stripe.ask('/v1/accounts');
  await stripe.perform('set_seller', { account: data[0].id, tax: 20 });
  await press(words.vatAgain);
  await page.getByText(words.vatOn).waitFor();
  assert.deepEqual(await findBarriers(page), []);
  await photo('vat-on', page, { fullPage: true });
  await press(words.vatEnd);
  await page.getByRole('button', { name: words.vat, exact: true }).waitFor();
}

for (const [language, words] of Object.entries(WORDS)) {
  test(`a seller connects Stripe, finishes later and disconnects (${language})`, async () => {
    // Our page on the way back speaks as the browser does.
    const context = await stage.browser.newContext({
      viewport: { width: 390, height: 844 },
      locale: language,
    });
    const { page, faults } = await openPage(stage, { path: '/cards', language, context });
    const photo = (name, of = page, how = {}) => photograph(of, `cards-${name}-${language}`, how);
    await page.getByRole('button', { name: words.connect, exact: true }).waitFor();
    await photo('none');
    assert.deepEqual(await findBarriers(page), []);
    await fill(page, words.connect, 'leave');
    await comeBack(page);
    await page.getByText(words.toFinish).waitFor();
    await page.getByText(words.missing).waitFor();
    await photo('incomplete');
    assert.deepEqual(await findBarriers(page), []);
    const back = await fill(page, words.goOn, 'active');
    await back.getByRole('heading', { name: words.thanks }).waitFor();
    await photo('back', back);
    await comeBack(page);
    await page.getByText(words.active, { exact: true }).waitFor();
    await page.getByRole('link', { name: words.price }).waitFor();
    await photo('active');
    assert.deepEqual(await findBarriers(page), []);
    await chooseVat(page, words, photo);
    await page.getByRole('button', { name: words.off, exact: true }).click();
    await page.getByRole('button', { name: words.offYes, exact: true }).click();
    await page.getByRole('button', { name: words.connect, exact: true }).waitFor();
    assert.deepEqual(faults, []);
    await context.close();
  });
}
