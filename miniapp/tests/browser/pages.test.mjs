// The pages that anybody may open: in both languages, light and dark, on the narrowest phone and a wide screen.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { findBarriers, findOverflow, openStage, photograph } from './stage.mjs';

let stage;
let pages;
before(async () => {
  stage = await openStage({
    smtp_host: '127.0.0.1',
    stripe_secret_key: 'sk_test_1',
    stripe_webhook_secrets: 'whsec_of_the_tests',
  });
  pages = await stage.shop.do('web_pages');
});
after(() => stage.close());

/** What is wrong with the page as it stands, in two widths. */
async function audit(page, photo) {
  for (const width of [320, 1024]) {
    await page.setViewportSize({ width, height: 844 });
    assert.equal(await findOverflow(page), 0, `${photo}: nothing sticks out at ${width} px`);
    assert.deepEqual(await findBarriers(page), [], photo);
  }
  await page.setViewportSize({ width: 320, height: 844 });
  await photograph(page, `web-${photo}`);
}

/** How many pixels the names of plans side by side have at least. */
const narrowest = (page) =>
  page
    .locator('.choices .name')
    .evaluateAll((names) => Math.min(...names.map((each) => each.getBoundingClientRect().width)));

// A colour does not depend on the language, nor a word on the colours: two of the four pairs show all.
for (const [colorScheme, language] of [
  ['light', 'en'],
  ['dark', 'fr'],
])
  test(`every public page is accessible in ${language}, ${colorScheme}`, async () => {
    const context = await stage.browser.newContext({ colorScheme, bypassCSP: true });
    const page = await context.newPage();
    for (const [name, path] of Object.entries(pages)) {
      await page.goto(`${stage.shop.origin}${path}?lang=${language}`);
      assert.equal(await page.getAttribute('html', 'lang'), language, name);
      await audit(page, `${name}-${colorScheme}-${language}`);
      if (name === 'choices') assert.ok((await narrowest(page)) > 180, 'prices leave room for the names');
    }
    await context.close();
  });

test('what a form answers is accessible, and the other language leads back to its page', async () => {
  const context = await stage.browser.newContext({ bypassCSP: true });
  const page = await context.newPage();
  await page.goto(`${stage.shop.origin}${pages.ready}?lang=fr`);
  await page.getByRole('button', { name: 'Afficher plutôt un code' }).click();
  const code = page.getByLabel('Votre code');
  assert.match(await code.inputValue(), /^\/start c[\w-]{43}$/);
  await audit(page, 'code');
  await page
    .getByLabel('Votre adresse e-mail')
    .evaluate((field) => field.form.setAttribute('novalidate', ''));
  await page.getByLabel('Votre adresse e-mail').fill('personne@');
  await page.getByRole('button', { name: 'Me prévenir par e-mail' }).click();
  await page.getByRole('alert').waitFor();
  await audit(page, 'mail-wrong');
  await page.getByRole('link', { name: 'English' }).click();
  assert.equal(new URL(page.url()).pathname, pages.ready);
  await page.getByRole('button', { name: 'Get it in Telegram' }).waitFor();
  await context.close();
});

test('the code is copied by a press', async () => {
  const context = await stage.browser.newContext({
    permissions: ['clipboard-read', 'clipboard-write'],
  });
  const page = await context.newPage();
  await page.goto(`${stage.shop.origin}${pages['ready-plan']}?lang=en`);
  await page.getByRole('button', { name: 'Show a code instead' }).click();
  await page.getByRole('button', { name: 'Copy the code' }).click();
  await page.getByText('Copied.').waitFor();
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  assert.equal(copied, await page.getByLabel('Your code').inputValue());
  await context.close();
});
