import { say } from '../language.ts';
import { close } from '../telegram.ts';
import { Actions } from '../ui/actions.tsx';
import { Empty } from '../ui/kit.tsx';
import { Screen } from '../ui/screen.tsx';

/** What a seller's screen is for somebody without a shop: a shop is opened in the bot. */
export function NoShop() {
  return (
    <Screen title={say('products.title')}>
      <Empty icon="products" title={say('products.noShop')} hint={say('products.noShopHint')} />
      <Actions main={{ text: say('products.toBot'), onClick: close }} />
    </Screen>
  );
}
