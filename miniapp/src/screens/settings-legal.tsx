import { useEffect, useState } from 'preact/hooks';
import { ApiError } from '../api/errors.ts';
import type { LegalAnswer } from '../api/types.ts';
import { say } from '../language.ts';
import { explain } from '../problems.ts';
import { useActing } from '../ui/acting.ts';
import { useShop } from '../ui/context.ts';
import { Failure, Loading, Panel } from '../ui/kit.tsx';
import { useLoaded } from '../ui/loaded.ts';
import { Field } from './field.tsx';

const FAULTS: Record<string, keyof LegalAnswer> = {
  'legal-name-too-long': 'name',
  'legal-address-too-long': 'address',
  'vat-number-wrong': 'vat_number',
};

/** Who sells, by law: what stands on the invoices of a seller. */
export function Legal() {
  const { api } = useShop();
  const { data, error, reload } = useLoaded(() => api.legal(), 'legal');
  return (
    <section class="card stack tight">
      <h2>{say('legal.title')}</h2>
      <p class="muted">{say('legal.why')}</p>
      {error !== null && <Failure error={error} onRetry={reload} />}
      {!data && error === null && <Loading />}
      {data && <Form before={data} />}
    </section>
  );
}

function Form({ before }: { before: LegalAnswer }) {
  const { api } = useShop();
  const { busy, error, act } = useActing();
  const [typed, setTyped] = useState(before);
  const [kept, setKept] = useState<LegalAnswer | null>(null);
  const at = error === null ? null : fieldOf(error, typed);
  // Whoever sends a form by its button stands far from the field that is wrong, and may not see it.
  useEffect(() => {
    if (at !== null) document.getElementById(`legal-${at}`)?.focus();
  }, [error]);
  const keep = (event: Event) => {
    event.preventDefault();
    setKept(null);
    void act(async () => {
      const now = await api.giveLegal(typed);
      setTyped(now);
      setKept(now);
    });
  };
  const control = (name: keyof LegalAnswer) => ({
    id: `legal-${name}`,
    value: typed[name],
    'aria-describedby': `legal-${name}-help`,
    'aria-invalid': at === name,
    onInput: (event: { currentTarget: { value: string } }) =>
      setTyped({ ...typed, [name]: event.currentTarget.value }),
  });
  const about = (name: keyof LegalAnswer) => ({
    id: `legal-${name}`,
    label: say(`legal.${name}`),
    hint: say(`legal.${name}Hint`),
    wrong: at === name ? explain(error) : undefined,
  });
  return (
    <form class="stack tight" noValidate onSubmit={keep}>
      <Field {...about('name')}>
        <input type="text" autoComplete="organization" maxLength={1000} {...control('name')} />
      </Field>
      <Field {...about('address')}>
        <textarea autoComplete="street-address" maxLength={1000} {...control('address')} />
      </Field>
      <Field {...about('vat_number')}>
        <input type="text" autoComplete="off" maxLength={1000} {...control('vat_number')} />
      </Field>
      <div class="row">
        <button type="submit" class="button" disabled={busy}>
          {say('legal.keep')}
        </button>
      </div>
      {kept && <Panel tone="success">{say(kept.name ? 'legal.kept' : 'legal.none')}</Panel>}
      {error !== null && at === null && <Failure error={error} />}
    </form>
  );
}

/** The field that a refusal is about: of a name and an address, the one that is missing. */
function fieldOf(error: unknown, typed: LegalAnswer): keyof LegalAnswer | null {
  const code = error instanceof ApiError ? (error.problem.code ?? '') : '';
  if (code === 'legal-incomplete') return typed.name.trim() ? 'address' : 'name';
  return FAULTS[code] ?? null;
}
