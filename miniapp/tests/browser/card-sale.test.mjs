// From “Connect Stripe” to the first sale by card, over the loopback Stripe: every press on a page of ours counts.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findBarriers, openPage, openStage, photograph } from './stage.mjs';
import { openStripe } from './stripe.mjs';

const MOST = 9; // presses that a seller and a buyer may need on our side
const SECRET = 'whsec_of_the_tests';

const WORDS = {
  en: {
    connect: 'Connect Stripe',
    active: 'Active',
    price: 'Set a card price on a product',
    edit: 'Edit',
    card: 'Card',
    save: 'Save',
    pay: /^Pay .*19\.90.* by card$/,
    open: 'Open the payment page',
    paid: 'You are back from Stripe',
  },
  fr: {
    connect: 'Relier Stripe',
    active: 'Actif',
    price: 'Donner un prix par carte à un produit',
    edit: 'Modifier',
    card: 'Carte',
    save: 'Enregistrer',
    pay: /^Payer .*19,90.* par carte$/,
    open: 'Ouvrir la page de paiement',
    paid: 'Vous revenez de chez Stripe',
  },
};

for (const [language, words] of Object.entries(WORDS)) {
  test(`from “${words.connect}” to a sale by card (${language})`, async () => {
    const stripe = await openStripe();
    const stage = await openStage({
      filled: true,
      stripe_secret_key: stripe.key,
      stripe_webhook_secrets: SECRET,
      stripe_address: stripe.url,
    });
    try {
      const events = { url: `${stage.shop.origin}/webhooks/stripe`, connect: true, secret: SECRET };
      await stripe.perform('listen', events);
      await walk(stage, language, words);
    } finally {
      await stage.close();
      stripe.close();
    }
  });
}

async function walk(stage, language, words) {
  let presses = 0;
  const press = (place) => {
    presses += 1;
    return place.click();
  };
  let photos = 0;
  const look = async (page) => {
    photos += 1;
    await photograph(page, `card-sale-${photos}-${language}`);
  };
  const viewport = { width: 390, height: 844 };
  const context = await stage.browser.newContext({ viewport, locale: language, bypassCSP: true });

  // The seller connects Stripe, and comes back from its form.
  const { page, faults } = await openPage(stage, { path: '/cards', language, context });
  const button = (name) => page.getByRole('button', { name, exact: true });
  await button(words.connect).waitFor();
  await look(page);
  const opened = page.waitForEvent('popup');
  await press(button(words.connect));
  const form = await opened;
  await form.locator('form:has(input[value="active"]) button').click(); // on Stripe's page
  await form.waitForURL(/\/stripe\/back\//);
  await form.getByRole('heading', { name: words.paid }).waitFor();
  await look(form);
  await page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')));
  await page.getByText(words.active, { exact: true }).waitFor();
  await look(page);

  // A product gets a price by card.
  await press(page.getByRole('link', { name: words.price }));
  const { id, slug } = stage.shop.products.night;
  await press(page.locator(`a[href="#/products/${id}/edit"]`));
  await page.getByLabel(words.card, { exact: true }).fill('19,90');
  await look(page);
  assert.deepEqual(await findBarriers(page), []);
  await press(button(words.save));
  await page.locator(`a[href="#/products/${id}/edit"]`).waitFor();

  // Somebody buys it by card.
  const shop = await context.newPage();
  await shop.goto(`${stage.shop.origin}/p/${slug}?lang=${language}`);
  const pay = shop.getByRole('button', { name: words.pay });
  const waiver = shop.locator('#waiver-card');
  await look(shop);
  if (await waiver.count()) await press(waiver);
  await press(pay);
  const open = shop.getByRole('link', { name: words.open });
  await open.waitFor();
  await look(shop);
  assert.deepEqual(await findBarriers(shop), []);
  await press(open);
  await shop.locator('form:has(input[value="ok"]) button').click(); // on Stripe's page
  await shop.locator('.stage-ready').waitFor();
  await look(shop);
  assert.deepEqual(await findBarriers(shop), []);
  assert.deepEqual(faults, []);
  assert.ok(presses <= MOST, `${presses} presses on our side`);
  await context.close();
}
