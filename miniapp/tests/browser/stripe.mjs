// A loopback Stripe of one shop: what is asked of it is named by orders' numbers, as its keys are.
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const PROJECT = fileURLToPath(new URL('../../../', import.meta.url));

/** Starts it. `ask` calls its API as the operator does, `perform` has its driver do something. */
export async function openStripe() {
  const child = spawn('.venv/bin/python', ['-m', 'scripts.sandbox.stripe'], { cwd: PROJECT });
  const { value: line } = await createInterface(child.stdout)[Symbol.asyncIterator]().next();
  const { url, environment } = JSON.parse(line);
  const key = environment.STRIPE_SECRET_KEY;
  const ask = async (path, options) => {
    const answer = await fetch(url + path, { headers: { authorization: `Bearer ${key}` }, ...options });
    if (!answer.ok) throw new Error(`${path}: ${await answer.text()}`);
    return answer.json();
  };
  const perform = (verb, wish) => ask(`/sandbox/${verb}`, { method: 'POST', body: JSON.stringify(wish) });
  return { url, key, ask, perform, close: () => child.kill() };
}
