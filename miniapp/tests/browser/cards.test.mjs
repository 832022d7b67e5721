// Card payments: from “Connect Stripe” over the loopback Stripe's form and back, in both languages.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { findBarriers, openPage, openStage, photograph } from './stage.mjs';

const PROJECT = fileURLToPath(new URL('../../../', import.meta.url));

let stage;
let stripe;
before(async () => {
  stripe = spawn('.venv/bin/python', ['-m', 'scripts.sandbox.stripe'], { cwd: PROJECT });
  const { value: line } = await createInterface(stripe.stdout)[Symbol.asyncIterator]().next();
  const { url, environment } = JSON.parse(line);
  stage = await openStage({
    filled: true,
    stripe_secret_key: environment.STRIPE_SECRET_KEY,
    stripe_webhook_secrets: 'whsec_of_the_tests',
    stripe_address: url,
  });
});
after(async () => {
  await stage.close();
  stripe.kill();
});

const WORDS = {
  en: {
    connect: 'Connect Stripe',
    goOn: 'Go on at Stripe',
    active: 'Active',
    toFinish: 'To finish',
    price: 'Put a card price on a product',
    off: 'Disconnect Stripe',
    offYes: 'Yes, disconnect',
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

for (const [language, words] of Object.entries(WORDS)) {
  test(`a seller connects Stripe, finishes later and disconnects (${language})`, async () => {
    // Our page on the way back speaks as the browser does.
    const context = await stage.browser.newContext({
      viewport: { width: 390, height: 844 },
      locale: language,
    });
    const { page, faults } = await openPage(stage, { path: '/cards', language, context });
    const photo = (name, of = page) => photograph(of, `cards-${name}-${language}`, {});
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
    await page.getByRole('button', { name: words.off, exact: true }).click();
    await page.getByRole('button', { name: words.offYes, exact: true }).click();
    await page.getByRole('button', { name: words.connect, exact: true }).waitFor();
    assert.deepEqual(faults, []);
    await context.close();
  });
}
