import './styles/base.css';
import './styles/controls.css';
import './styles/screens.css';
import { render } from 'preact';
import { createApi } from './api/calls.ts';
import { Client } from './api/client.ts';
import { ApiError } from './api/errors.ts';
import { App } from './app.tsx';
import { chooseLanguage, language, say, setLanguage } from './language.ts';
import type { Launch } from './launch.ts';
import { readEntry, startRouter } from './router.ts';
import { start } from './telegram.ts';
import { Failure, Loading, Panel } from './ui/kit.tsx';
import { Uploads } from './uploads/queue.ts';

const root = document.getElementById('app') as HTMLElement;
const launch = start();
setLanguage(chooseLanguage(launch?.languageCode ?? navigator.language));

async function openShop(launch: Launch): Promise<void> {
  render(<Loading />, root);
  const api = createApi(new Client(launch.initData, () => language.value));
  try {
    const session = await api.openSession();
    setLanguage(chooseLanguage(session.user.language));
    startRouter(readEntry(location.search, launch.startParam, session.shop ? '/products' : '/library'));
    const uploads = new Uploads(api, session);
    render(<App shop={{ api, session, uploads }} />, root);
    if (session.shop)
      uploads.restore().catch((error: unknown) => console.error('unfinished uploads are not shown', error));
  } catch (error) {
    render(<Closed error={error} onRetry={() => void openShop(launch)} />, root);
  }
}

function Closed({ error, onRetry }: { error: unknown; onRetry: () => void }) {
  const isStale = error instanceof ApiError && error.status === 401;
  return (
    <main class="page stack">
      <h1>{say('app.session')}</h1>
      {isStale ? (
        <Panel tone="error">{say('app.reopen')}</Panel>
      ) : (
        <Failure error={error} onRetry={onRetry} />
      )}
    </main>
  );
}

if (launch) void openShop(launch);
else
  render(
    <main class="page stack">
      <h1>Comptoir</h1>
      <Panel tone="info">{say('app.outside')}</Panel>
    </main>,
    root,
  );
