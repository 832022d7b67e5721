import type { Client } from './client.ts';
import type {
  CardsAnswer,
  ChannelDifferences,
  ChannelEventPage,
  ChannelList,
  ChoiceLine,
  CompletionAnswer,
  DownloadAnswer,
  FiguresAnswer,
  InvoiceAnswer,
  KnownPerson,
  KnownPersonPage,
  LanguageAnswer,
  LegalAnswer,
  LibraryPage,
  LiveAnswer,
  MailAnswer,
  Member,
  MemberPage,
  MembersFigures,
  MembershipActs,
  MembershipAnswer,
  MembershipList,
  NotificationPage,
  PartBody,
  PlanAgreement,
  PlanPrice,
  PlanTargets,
  PortalAnswer,
  PreviewRequest,
  ProductAnswer,
  ProductBody,
  PutOutRequest,
  ReadAnswer,
  SaleAnswer,
  SaleDispute,
  SalePage,
  SaleRefundBody,
  SalesAnswer,
  SellerProduct,
  SellerProductPage,
  SessionUser,
  ShopFeeAnswer,
  SignedParts,
  StatementAnswer,
  UploadAnswer,
  UploadRequest,
  WaiverAnswer,
  WayAnswer,
} from './types.ts';

export interface MemberFilter {
  words: string;
  state: string;
  plan: string;
}

const ADDRESS = '/api/telegram/notifications/address';
const CHOICES = '/api/telegram/notifications/choices';

/** What can be done with a membership. */
export type MembershipAct = Exclude<keyof MembershipActs, 'enter' | 'change'> | 'join';

/** Every call of the contract, by name. */
export function createApi(client: Client) {
  const at = encodeURIComponent;
  return {
    openSession: () => client.openSession(),
    setLanguage: (language: SessionUser['language']) =>
      client.call<LanguageAnswer>('/api/me', { method: 'PATCH', body: { language } }),

    cards: () => client.call<CardsAnswer>('/api/cards'),
    checkCards: () => client.call<CardsAnswer>('/api/cards/check', { method: 'POST' }),
    chooseTax: (wanted: boolean) =>
      client.call<CardsAnswer>('/api/cards/tax', { method: 'PUT', body: { wanted } }),
    wayToStripe: () => client.call<WayAnswer>('/api/cards/way', { method: 'POST' }),
    disconnectCards: () => client.call<CardsAnswer>('/api/cards', { method: 'DELETE' }),

    products: (page: number) => client.call<SellerProductPage>(`/api/products?page=${page}`),
    product: (id: number) => client.call<SellerProduct>(`/api/products/${id}`),
    createProduct: (draft: ProductBody, idempotencyKey: string) =>
      client.call<SellerProduct>('/api/products', {
        method: 'POST',
        body: { ...draft, idempotency_key: idempotencyKey },
      }),
    changeProduct: (id: number, draft: ProductBody) =>
      client.call<SellerProduct>(`/api/products/${id}`, { method: 'PATCH', body: draft }),
    publish: (id: number) => client.call<SellerProduct>(`/api/products/${id}/publish`, { method: 'POST' }),
    unpublish: (id: number) =>
      client.call<SellerProduct>(`/api/products/${id}/unpublish`, { method: 'POST' }),
    chooseShown: (file: string, choice: PreviewRequest['choice']) =>
      client.call<SellerProduct>(`/api/files/${at(file)}`, { method: 'PATCH', body: { choice } }),
    view: (slugOrId: string) => client.call<ProductAnswer>(`/api/products/${at(slugOrId)}/view`),

    library: (page: number) => client.call<LibraryPage>(`/api/library?page=${page}`),
    download: (grant: number, asset: string) =>
      client.call<DownloadAnswer>(`/api/library/${grant}/download`, {
        method: 'POST',
        body: { asset_id: asset },
      }),
    statement: (month: string) => client.call<StatementAnswer>(`/api/statements/${month}`),
    sales: (days: number) => client.call<SalesAnswer>(`/api/sales?days=${days}`),

    saleOrders: (page: number) => client.call<SalePage>(`/api/sales/orders?page=${page}`),
    saleOrder: (number: string) => client.call<SaleAnswer>(`/api/sales/orders/${at(number)}`),
    refundSale: (number: string, refund: SaleRefundBody) =>
      client.call<SaleAnswer>(`/api/sales/orders/${at(number)}/refund`, { method: 'POST', body: refund }),

    submitEvidence: (dispute: number) =>
      client.call<SaleDispute>(`/api/sales/disputes/${dispute}/submit`, { method: 'POST' }),

    memberships: () => client.call<MembershipList>('/api/memberships'),
    membership: (id: number) => client.call<MembershipAnswer>(`/api/memberships/${id}`),
    act: (id: number, act: MembershipAct) =>
      client.call<MembershipAnswer>(`/api/memberships/${id}/${act}`, { method: 'POST' }),
    shopFee: () => client.call<ShopFeeAnswer>('/api/shop-fee'),
    legal: () => client.call<LegalAnswer>('/api/legal'),
    giveLegal: (identity: LegalAnswer) =>
      client.call<LegalAnswer>('/api/legal', { method: 'PUT', body: identity }),

    waiver: () => client.call<WaiverAnswer>('/api/payments/waiver'),
    renew: (id: number, waiver: string) =>
      client.call<InvoiceAnswer>(`/api/memberships/${id}/renew`, { method: 'POST', body: { waiver } }),
    plans: (id: number) => client.call<PlanTargets>(`/api/memberships/${id}/plans`),
    pricePlan: (id: number, plan: number) =>
      client.call<PlanPrice>(`/api/memberships/${id}/plans/${plan}/price`, { method: 'POST' }),
    changePlan: (id: number, plan: number, agreed: PlanAgreement) =>
      client.call<MembershipAnswer>(`/api/memberships/${id}/plans/${plan}`, { method: 'POST', body: agreed }),
    portal: (id: number) => client.call<PortalAnswer>(`/api/memberships/${id}/portal`, { method: 'POST' }),
    notices: (before: number | null) =>
      client.call<NotificationPage>(
        `/api/telegram/notifications${before === null ? '' : `?before=${before}`}`,
      ),
    readNotices: (ids: number[]) =>
      client.call<ReadAnswer>('/api/telegram/notifications/read', { method: 'POST', body: { ids } }),

    address: () => client.call<MailAnswer>(ADDRESS),
    giveAddress: (address: string) => client.call<MailAnswer>(ADDRESS, { method: 'PUT', body: { address } }),
    forgetAddress: () => client.call<MailAnswer>(ADDRESS, { method: 'DELETE' }),
    choices: () => client.call<ChoiceLine[]>(CHOICES),
    choose: (type: ChoiceLine['type'], way: keyof ChoiceLine['ways'], wanted: boolean) =>
      client.call<ChoiceLine[]>(CHOICES, { method: 'PATCH', body: { type, way, wanted } }),

    members: (page: number, filter: MemberFilter) =>
      client.call<MemberPage>(`/api/members?page=${page}${query(filter)}`),
    putOut: (id: number, why: PutOutRequest) =>
      client.call<Member>(`/api/members/${id}/put-out`, { method: 'POST', body: why }),
    letIn: (id: number) => client.call<Member>(`/api/members/${id}/let-in`, { method: 'POST' }),
    membersFigures: () => client.call<MembersFigures>('/api/members/figures'),
    channels: () => client.call<ChannelList>('/api/members/channels'),
    differences: (channel: number) =>
      client.call<ChannelDifferences>(`/api/members/channels/${channel}/differences`),
    events: (page: number) => client.call<ChannelEventPage>(`/api/members/events?page=${page}`),

    figures: (days: number) => client.call<FiguresAnswer>(`/api/figures?days=${days}`),
    live: () => client.call<LiveAnswer>('/api/figures/live'),
    people: (page: number, words: string) =>
      client.call<KnownPersonPage>(`/api/people?page=${page}${query({ words })}`),
    ban: (id: number, reason: string) =>
      client.call<KnownPerson>(`/api/people/${id}/ban`, { method: 'POST', body: { reason } }),
    unban: (id: number) => client.call<KnownPerson>(`/api/people/${id}/unban`, { method: 'POST' }),

    openUpload: (upload: UploadRequest, signal?: AbortSignal) =>
      client.call<UploadAnswer>('/api/uploads', { method: 'POST', body: upload, ...(signal && { signal }) }),
    openUploads: () => client.call<UploadAnswer[]>('/api/uploads?open=1'),
    upload: (id: string, signal?: AbortSignal) =>
      client.call<UploadAnswer>(`/api/uploads/${at(id)}`, { ...(signal && { signal }) }),
    signParts: (id: string, numbers: number[]) =>
      client.call<SignedParts>(`/api/uploads/${at(id)}/parts`, { method: 'POST', body: { numbers } }),
    completeUpload: (id: string, parts: PartBody[], signal?: AbortSignal) =>
      client.call<CompletionAnswer>(`/api/uploads/${at(id)}/complete`, {
        method: 'POST',
        body: { parts },
        ...(signal && { signal }),
      }),
    abortUpload: (id: string) => client.call<void>(`/api/uploads/${at(id)}`, { method: 'DELETE' }),
  };
}

/** What is asked for, without what is left empty. */
function query(filter: object): string {
  const filled = Object.entries(filter).filter(([, value]) => value !== '');
  return filled.map(([name, value]) => `&${name}=${encodeURIComponent(value)}`).join('');
}

export type Api = ReturnType<typeof createApi>;
