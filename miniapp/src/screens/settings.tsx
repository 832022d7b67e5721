import { useState } from 'preact/hooks';
import { chooseLanguage, type Language, language, say, setLanguage } from '../language.ts';
import { useActing } from '../ui/acting.ts';
import { useShop } from '../ui/context.ts';
import { Choices, Failure, Loading } from '../ui/kit.tsx';
import { useLoaded } from '../ui/loaded.ts';
import { useReturn } from '../ui/return.ts';
import { Screen } from '../ui/screen.tsx';
import { Legal } from './settings-legal.tsx';
import { Mail } from './settings-mail.tsx';
import { Told } from './settings-told.tsx';
import { ShopFee } from './shop-fee.tsx';

const LANGUAGES: { value: Language; text: string }[] = [
  { value: 'en', text: 'English' },
  { value: 'fr', text: 'Français' },
];

/** In which language, at which address and of what a person is told. */
export function Settings() {
  const { api, session } = useShop();
  const { data: mail, error, reload } = useLoaded(() => api.address(), 'address');
  const [round, setRound] = useState(0);
  useReturn(reload); // an address is confirmed elsewhere: in the mail
  return (
    <Screen title={say('settings.title')}>
      <LanguageChoice onChange={() => setRound(round + 1)} />
      {session.shop && <ShopFee />}
      {session.shop && <Legal />}
      {error !== null && <Failure error={error} onRetry={reload} />}
      {!mail && error === null && <Loading />}
      {mail && <Mail key={`${mail.address}/${mail.state}`} mail={mail} onChange={reload} />}
      {mail && <Told key={round} mail={mail} />}
    </Screen>
  );
}

/** What the shop names comes in the language that it keeps: it is loaded anew once that was told. */
function LanguageChoice({ onChange }: { onChange: () => void }) {
  const { api } = useShop();
  const { error, act } = useActing();
  const choose = (chosen: Language) =>
    act(async () => {
      const kept = await api.setLanguage(chosen);
      setLanguage(chooseLanguage(kept.language));
      onChange();
    });
  return (
    <section class="card stack tight">
      <h2>{say('app.language')}</h2>
      <Choices
        label={say('settings.language')}
        options={LANGUAGES}
        chosen={language.value}
        onChoose={choose}
      />
      {error !== null && <Failure error={error} />}
    </section>
  );
}
