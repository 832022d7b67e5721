import { useRef, useState } from 'preact/hooks';
import type { SellerProduct } from '../api/types.ts';
import { formatSize } from '../format.ts';
import { say } from '../language.ts';
import { go } from '../router.ts';
import { buzz } from '../telegram.ts';
import { Actions } from '../ui/actions.tsx';
import { useShop } from '../ui/context.ts';
import { Failure, Loading } from '../ui/kit.tsx';
import { useLoaded } from '../ui/loaded.ts';
import { Picker } from '../ui/picker.tsx';
import { Screen } from '../ui/screen.tsx';
import type { Picked } from '../uploads/queue.ts';
import { ChosenFiles } from './chosen-files.tsx';
import { Field } from './field.tsx';
import { type PriceDraft, PriceFields, readPrices, startPrices } from './price-fields.tsx';

const PICTURE_TYPES = ['image/jpeg', 'image/png', 'image/webp'];
const PICTURE_LIMIT = 10_000_000; // bytes, as the shop's own

export function NewProduct() {
  return (
    <Screen title={say('form.new')} back="/products">
      <Form product={null} />
    </Screen>
  );
}

export function EditProduct({ id }: { id: number }) {
  const { api } = useShop();
  const { data, error, reload } = useLoaded(() => api.product(id), id);
  return (
    <Screen title={say('form.edit')} back="/products">
      {error !== null && <Failure error={error} onRetry={reload} />}
      {!data && error === null && <Loading />}
      {data && <Form product={data} />}
    </Screen>
  );
}

interface Wrong {
  title?: string;
  prices?: string;
  picture?: string;
}

function Form({ product }: { product: SellerProduct | null }) {
  const { api, session, uploads } = useShop();
  const key = useRef(crypto.randomUUID());
  const [title, setTitle] = useState(product?.title ?? '');
  const [description, setDescription] = useState(product?.description ?? '');
  const [prices, setPrices] = useState<PriceDraft[]>(() =>
    startPrices(session.shop?.rails ?? [], product?.prices ?? {}),
  );
  const [files, setFiles] = useState<Picked[]>([]);
  const [picture, setPicture] = useState<Picked | null>(null);
  const [wrong, setWrong] = useState<Wrong>({});
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);

  const pickPicture = ([first]: Picked[]) => {
    // Systems have many words for one type, or none: the shop looks at the first bytes when it is sent.
    const isOther = first && first.file.type !== '' && !first.file.type.startsWith('image/');
    const bad = !first || isOther || first.file.size > PICTURE_LIMIT;
    setWrong({
      ...wrong,
      picture: bad ? say('form.badPicture', { max: formatSize(PICTURE_LIMIT) }) : undefined,
    } as Wrong);
    if (first && !bad) setPicture(first);
  };

  const submit = async () => {
    const read = readPrices(prices);
    const faults: Wrong = {};
    if (title.trim() === '') faults.title = say('form.needTitle');
    if (typeof read === 'string') faults.prices = read;
    setWrong(faults);
    if (faults.title || typeof read === 'string') {
      buzz('error');
      document.getElementById(faults.title ? 'title' : 'prices')?.focus();
      return;
    }
    setBusy(true);
    setError(null);
    try {
      const draft = { title: title.trim(), description, prices: read, kind: 'file' as const };
      const saved = await (product
        ? api.changeProduct(product.id, draft)
        : api.createProduct(draft, key.current));
      buzz('success');
      if (picture) void uploads.add([picture], { product: saved.id, purpose: 'picture', replaces: null });
      void uploads.add(files, { product: saved.id, purpose: 'file', replaces: null });
      go(files.length > 0 || picture ? `/upload?product=${saved.id}` : '/products');
    } catch (refusal) {
      buzz('error');
      setError(refusal);
      setBusy(false);
    }
  };

  const submitText = product ? 'form.save' : files.length > 0 ? 'form.create' : 'form.createOnly';
  return (
    <form
      class="stack"
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      <div class="card stack">
        <Field id="title" label={say('form.title')} hint={say('form.titleHint')} wrong={wrong.title}>
          <input
            id="title"
            type="text"
            maxLength={200}
            value={title}
            aria-invalid={wrong.title !== undefined}
            aria-describedby="title-help"
            onInput={(event) => setTitle(event.currentTarget.value)}
          />
        </Field>
        <Field id="description" label={say('form.description')}>
          <textarea
            id="description"
            maxLength={4096}
            value={description}
            onInput={(event) => setDescription(event.currentTarget.value)}
          />
        </Field>
        <Field id="kind" label={say('form.kind')}>
          <select id="kind">
            <option value="file">{say('form.kindFile')}</option>
          </select>
        </Field>
      </div>
      <PriceFields drafts={prices} wrong={wrong.prices} onChange={setPrices} />
      <fieldset class="card">
        <legend class="hidden">{say('form.picture')}</legend>
        <h2>{say('form.picture')}</h2>
        {picture ? (
          <ChosenFiles chosen={[picture]} onChange={() => setPicture(null)} />
        ) : (
          <Picker
            small
            accept={PICTURE_TYPES.join(',')}
            title={say('form.picture')}
            hint={say('form.pictureHint', { max: formatSize(PICTURE_LIMIT) })}
            onPick={pickPicture}
          />
        )}
        {wrong.picture && <p class="muted">{wrong.picture}</p>}
      </fieldset>
      <fieldset class="card">
        <legend class="hidden">{say('form.files')}</legend>
        <h2>{say('form.files')}</h2>
        <ChosenFiles chosen={files} onChange={setFiles} />
        <Picker
          small={files.length > 0}
          multiple
          title={say('upload.choose')}
          hint={say('upload.subtitle', { max: formatSize(session.limits.max_upload_size) })}
          onPick={(more) => setFiles([...files, ...more])}
        />
      </fieldset>
      {error !== null && <Failure error={error} onRetry={submit} />}
      <Actions main={{ text: say(submitText), onClick: submit, busy }} />
    </form>
  );
}
