// Whatever else a client says when it opens the page: what Telegram signed opens the shop.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openPage, openStage } from './stage.mjs';

let stage;
before(async () => {
  stage = await openStage({ filled: true });
});
after(() => stage.close());

const ODD = {
  'nothing but what is signed': {
    tgWebAppVersion: undefined,
    tgWebAppPlatform: undefined,
    tgWebAppThemeParams: undefined,
  },
  'a version and a platform that are odd': { tgWebAppVersion: 'v9', tgWebAppPlatform: '' },
  'a theme that is broken off': { tgWebAppThemeParams: '{"bg_color":"#17' },
  'colours of other kinds': {
    tgWebAppThemeParams: '{"bg_color":"rgba(23,33,43,0.9)","text_color":"#f5f5f5ff","hint_color":7}',
  },
  'parameters that nobody knows': {
    tgWebAppFuture: '{',
    tgWebAppBotInline: 'yes',
    tgWebAppDefaultColors: '',
  },
};

for (const [name, launch] of Object.entries(ODD))
  for (const telegram of [true, false])
    test(`${name} opens the shop ${telegram ? 'in Telegram' : 'in a browser'}, and again`, async () => {
      const { page, context, faults } = await openPage(stage, { launch, telegram });
      await page.getByRole('heading', { name: 'Mes produits' }).waitFor();
      await page.reload();
      await page.getByRole('heading', { name: 'Mes produits' }).waitFor();
      assert.deepEqual(faults, []);
      await context.close();
    });

test('an opaque dark colour is taken from one that lets through', async () => {
  const { page, context } = await openPage(stage, { launch: ODD['colours of other kinds'] });
  assert.equal(await page.getAttribute('html', 'data-theme'), 'dark');
  await context.close();
});

for (const signature of ['', null])
  test(`signed data ${signature === '' ? 'with an empty' : 'without a'} signature opens the shop`, async () => {
    const { page, context } = await openPage(stage, { signed: { signature } });
    await page.getByRole('heading', { name: 'Mes produits' }).waitFor();
    await context.close();
  });

test('colours that come later and are odd leave the page as it is', async () => {
  const { page, context } = await openPage(stage, { telegram: true });
  for (const theme_params of [{ bg_color: 'rgba(1,2,3,.5)' }, { bg_color: 7 }, null, []])
    await page.evaluate(
      (params) => window.telegram.tell('theme_changed', { theme_params: params }),
      theme_params,
    );
  await page.getByRole('link', { name: 'Achats' }).click();
  await page.getByRole('heading', { name: 'Ma bibliothèque' }).waitFor();
  await context.close();
});
