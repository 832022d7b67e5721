// What the API takes and answers: written by `npm run generate` in miniapp/contract. Not to be edited.
export type paths = Record<string, never>;
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /**
         * BanRequest
         * @description Why the shop is closed to a person: for the audit log.
         */
        BanRequest: {
            reason: string;
        };
        /**
         * BuyLinks
         * @description Where a product can be bought.
         */
        BuyLinks: {
            bot_link?: string;
            web_link?: string;
        };
        /**
         * CardsAnswer
         * @description `offered`: the shop can take cards at all. `own_account`: one that the seller has can be connected.
         *
         *         `fee_percent` and `fee_sums`: what the operator takes of each sale. `tax`: whether Stripe Tax works out
         *         VAT, or waits for something of the seller.
         */
        CardsAnswer: {
            currency: string | null;
            fee_percent: string;
            fee_sums: components["schemas"]["MoneyAnswer"][];
            missing: ("bank_account" | "business" | "documents" | "identity" | "other" | "terms" | "website")[];
            offered: boolean;
            own_account: boolean;
            /** @enum {unknown} */
            state: "active" | "checking" | "disconnected" | "incomplete" | "none" | "rejected";
            /** @enum {unknown} */
            tax: "asked" | "off" | "on";
        };
        /**
         * ChannelAnswer
         * @description A channel and how the bot stands in it. `checked_at`: when its members were last compared.
         */
        ChannelAnswer: {
            checked_at: string | null;
            /** @enum {unknown} */
            enforcement: "act" | "list";
            id: number;
            missing_rights: string[];
            /** @enum {unknown} */
            state: "connected" | "gone" | "rights_missing";
            title: string;
        };
        /**
         * ChannelDifferences
         * @description Who is in a channel without a grant, and who has a grant and is missing from it.
         */
        ChannelDifferences: {
            missing: components["schemas"]["ChannelPeople"];
            without_grant: components["schemas"]["ChannelPeople"];
        };
        /**
         * ChannelEventAnswer
         * @description Something that happened in a channel, which is named by its title. `person`: who it was about.
         */
        ChannelEventAnswer: {
            /** Format: date-time */
            at: string;
            channel: string;
            id: number;
            /** @enum {unknown} */
            kind: "connected" | "gone" | "missing" | "rights_back" | "rights_lost" | "stranger" | "without_grant";
            person: components["schemas"]["ChannelPerson"] | null;
            resolved_at: string | null;
        };
        /**
         * ChannelEventPage
         * @description What happened in a shop's channels, newest first.
         */
        ChannelEventPage: {
            items: components["schemas"]["ChannelEventAnswer"][];
            page: number;
            pages: number;
            total: number;
        };
        /**
         * ChannelList
         * @description A shop's channels, in the order they were connected.
         */
        ChannelList: {
            items: components["schemas"]["ChannelAnswer"][];
        };
        /**
         * ChannelPeople
         * @description How many people, and the first of them by name.
         */
        ChannelPeople: {
            people: components["schemas"]["ChannelPerson"][];
            total: number;
        };
        /**
         * ChannelPerson
         * @description Somebody in or before a channel; the name is empty where we never met.
         */
        ChannelPerson: {
            name: string;
            telegram_id: number;
            username: string | null;
        };
        /**
         * ChoiceLine
         * @description A kind of notification, and for each way that it may take whether it comes that way.
         */
        ChoiceLine: {
            title: string;
            /** @enum {unknown} */
            type: "access_expired" | "access_expiring" | "access_grace" | "access_granted" | "access_refused" | "access_revoked" | "channel_alarm" | "channel_unreachable" | "membership_changed" | "payment_problem" | "payment_refunded" | "payment_verified" | "sale_disputed" | "shop_alarm" | "shop_fee" | "support_answer";
            ways: {
                [key: string]: boolean;
            };
        };
        /**
         * ChoiceRequest
         * @description Whether one kind shall come by one way.
         */
        ChoiceRequest: {
            /** @enum {unknown} */
            type: "access_expired" | "access_expiring" | "access_grace" | "access_granted" | "access_refused" | "access_revoked" | "channel_alarm" | "channel_unreachable" | "membership_changed" | "payment_problem" | "payment_refunded" | "payment_verified" | "sale_disputed" | "shop_alarm" | "shop_fee" | "support_answer";
            wanted: boolean;
            /** @enum {unknown} */
            way: "email" | "telegram";
        };
        /**
         * CompleteRequest
         * @description All parts of the file.
         */
        CompleteRequest: {
            parts: components["schemas"]["PartBody"][];
        };
        /**
         * CompletionAnswer
         * @description How far an upload is whose parts are all there.
         */
        CompletionAnswer: {
            /** @enum {unknown} */
            state: "aborted" | "accepted" | "awaiting_payment" | "lost" | "moderation" | "open" | "refused" | "verifying";
        };
        /**
         * DaySales
         * @description What was paid on a day.
         */
        DaySales: {
            /** Format: date */
            date: string;
            orders: number;
            revenue: {
                [key: string]: components["schemas"]["MoneyAnswer"][];
            };
        };
        /**
         * DownloadAnswer
         * @description A link to one file, and until when it works.
         */
        DownloadAnswer: {
            /** Format: date-time */
            expires_at: string;
            file_name: string;
            url: string;
        };
        /**
         * DownloadRequest
         * @description Which file of a purchase.
         */
        DownloadRequest: {
            /** Format: uuid */
            asset_id: string;
        };
        /**
         * DownloadRow
         * @description A download; `at` is its minute. Nobody's name is kept with it.
         */
        DownloadRow: {
            /** Format: date-time */
            at: string;
            file: string;
            product: string;
            seller: string;
            size: number;
        };
        /**
         * FiguresAnswer
         * @description The whole market over some days: step by step, in all, and who sold most.
         */
        FiguresAnswer: {
            products: components["schemas"]["RankedLine"][];
            sellers: components["schemas"]["RankedLine"][];
            slots: components["schemas"]["FiguresSlot"][];
            totals: components["schemas"]["RailSales"][];
        };
        /**
         * FiguresSlot
         * @description One step of a range, from `at` on: what was sold, links made, addresses signed, downloads begun.
         */
        FiguresSlot: {
            /** Format: date-time */
            at: string;
            downloads: number;
            earned: components["schemas"]["RailSales"][];
            links: number;
            orders: number;
            signed: number;
        };
        /**
         * FileAnswer
         * @description A file that can be downloaded.
         */
        FileAnswer: {
            content_type: string;
            /** Format: uuid */
            id: string;
            name: string;
            size: number;
        };
        /**
         * FingerprintAnswer
         * @description By which the browser knows a file again: milliseconds since 1970, and SHA-256 of three slices.
         */
        FingerprintAnswer: {
            modified: number;
            size: number;
            slices: string[];
        };
        /**
         * FingerprintBody
         * @description By which the browser knows a file again: milliseconds since 1970, and three slices.
         */
        FingerprintBody: {
            modified: number;
            size: number;
            slices: string[];
        };
        /**
         * InvoiceAnswer
         * @description The address of an invoice in Stars, for the Mini App to open.
         */
        InvoiceAnswer: {
            url: string;
        };
        /**
         * KnownPerson
         * @description A person as the operator sees them, known since `since`.
         */
        KnownPerson: {
            banned: boolean;
            id: number;
            name: string;
            roles: ("admin" | "banned" | "buyer" | "seller" | "support")[];
            /** Format: date-time */
            since: string;
            telegram_id: number;
            username: string | null;
        };
        /**
         * KnownPersonPage
         * @description People that the shop knows.
         */
        KnownPersonPage: {
            items: components["schemas"]["KnownPerson"][];
            page: number;
            pages: number;
            total: number;
        };
        /**
         * LanguageAnswer
         * @description The language that the person has chosen.
         */
        LanguageAnswer: {
            /** @enum {unknown} */
            language: "en" | "fr";
        };
        /**
         * LegalAnswer
         * @description What stands on the invoices of later sales; all is empty where later sales get receipts.
         */
        LegalAnswer: {
            address: string;
            name: string;
            vat_number: string;
        };
        /**
         * LegalRequest
         * @description Who sells from now on; without a name and an address there are receipts, and no invoices.
         */
        LegalRequest: {
            address: string;
            name: string;
            /** @default  */
            vat_number?: string;
        };
        /**
         * LibraryPage
         * @description What a person bought, newest first.
         */
        LibraryPage: {
            items: components["schemas"]["Purchase"][];
            page: number;
            pages: number;
            total: number;
        };
        /**
         * LiveAnswer
         * @description The last hour by the minute, and the latest downloads.
         */
        LiveAnswer: {
            latest: components["schemas"]["DownloadRow"][];
            minutes: components["schemas"]["FiguresSlot"][];
        };
        /**
         * MailAnswer
         * @description The address, and whether mail goes there: asked and not yet confirmed, or stopped, or it bounced.
         *
         *         `offered`: whether the shop sends mail at all.
         */
        MailAnswer: {
            address: string;
            offered: boolean;
            /** @enum {unknown} */
            state: "asked" | "confirmed" | "none" | "refused" | "stopped";
        };
        /**
         * MailRequest
         * @description Where a person wants mail.
         */
        MailRequest: {
            address: string;
        };
        /**
         * MeChange
         * @description What people set for themselves.
         */
        MeChange: {
            language: string;
        };
        /**
         * Member
         * @description A member as the seller sees them; `id` is the membership's, `plan` its title. `barred`: put out of the
         *         shop, and sold nothing until let in again.
         */
        Member: {
            barred: boolean;
            ends_at: string | null;
            id: number;
            name: string;
            plan: string;
            /** @enum {unknown} */
            state: "active" | "cancelled" | "expired" | "past_due" | "paused" | "pending" | "revoked" | "trialing";
            telegram_id: number;
            username: string | null;
        };
        /**
         * MemberPage
         * @description A shop's members, newest first.
         */
        MemberPage: {
            items: components["schemas"]["Member"][];
            page: number;
            pages: number;
            total: number;
        };
        /**
         * MembersFigures
         * @description A shop's members by state, its plans, and each month of a range.
         */
        MembersFigures: {
            churn: components["schemas"]["MonthChurn"][];
            plans: components["schemas"]["PlanName"][];
            revenue: components["schemas"]["MonthRevenue"][];
            states: {
                [key: string]: number;
            };
        };
        /**
         * MembershipActs
         * @description What its holder can do with a membership; `undo` takes a cancellation back, `change` leads to another
         *         plan.
         */
        MembershipActs: {
            cancel: boolean;
            change: boolean;
            enter: boolean;
            pause: boolean;
            resume: boolean;
            undo: boolean;
        };
        /**
         * MembershipAnswer
         * @description A membership as its holder sees it. It ends at `ends_at`, and its grace at `access_until`.
         *
         *         `ends_at` and `days_left` None: it waits for the entry (`pending`), or runs for ever (`active`).
         *         `share_left` of what was paid, from 0 to 1. `reason` is that of a revocation. `subscription`: Telegram
         *         charges it by itself. `by_card`: Stripe does, or waits to be paid; `then`: what a card is charged once the
         *         trial that runs is over. `renew` None: it cannot be renewed now.
         */
        MembershipAnswer: {
            access_until: string | null;
            by_card: boolean;
            can: components["schemas"]["MembershipActs"];
            channels: components["schemas"]["MembershipChannel"][];
            days_left: number | null;
            ends_at: string | null;
            id: number;
            order_number: string | null;
            reason: string;
            renew: components["schemas"]["Renewal"] | null;
            seller_name: string;
            share_left: number;
            started_at: string | null;
            /** @enum {unknown} */
            state: "active" | "cancelled" | "expired" | "past_due" | "paused" | "pending" | "revoked" | "trialing";
            subscription: boolean;
            then: components["schemas"]["MoneyAnswer"] | null;
            title: string;
        };
        /**
         * MembershipChannel
         * @description A channel of a membership. `link` is its holder's own way in, None while there is none.
         */
        MembershipChannel: {
            id: number;
            inside: boolean;
            link: string | null;
            title: string;
        };
        /**
         * MembershipList
         * @description All memberships that a person ever held: those that run first.
         */
        MembershipList: {
            items: components["schemas"]["MembershipAnswer"][];
        };
        /**
         * MoneyAnswer
         * @description `amount` in minor units of `currency`.
         */
        MoneyAnswer: {
            amount: number;
            /** @enum {unknown} */
            currency: "CAD" | "CHF" | "EUR" | "GBP" | "JPY" | "USD" | "XAF" | "XOF" | "XTR";
        };
        /**
         * MonthChurn
         * @description A month's members at its start, those of them it lost, and those it gained.
         *
         *         `rate` is lost per member, from 0 to 1; None without members.
         */
        MonthChurn: {
            gained: number;
            lost: number;
            members: number;
            /** Format: date */
            month: string;
            rate: number | null;
        };
        /**
         * MonthRevenue
         * @description What members paid in a month, named by its first day, in minor units of one currency.
         */
        MonthRevenue: {
            amount: number;
            /** @enum {unknown} */
            currency: "CAD" | "CHF" | "EUR" | "GBP" | "JPY" | "USD" | "XAF" | "XOF" | "XTR";
            /** Format: date */
            month: string;
            orders: number;
        };
        /**
         * NotificationLine
         * @description One notification in the reader's language. `read_at` None: not read yet.
         */
        NotificationLine: {
            action_url: string;
            created_at: string;
            id: number;
            message: string;
            read_at: string | null;
            title: string;
            /** @enum {unknown} */
            type: "access_expired" | "access_expiring" | "access_grace" | "access_granted" | "access_refused" | "access_revoked" | "channel_alarm" | "channel_unreachable" | "membership_changed" | "payment_problem" | "payment_refunded" | "payment_verified" | "sale_disputed" | "shop_alarm" | "shop_fee" | "support_answer";
        };
        /**
         * NotificationPage
         * @description Newest first. Ask with `before` for the older ones; None where there are none.
         */
        NotificationPage: {
            before: number | null;
            items: components["schemas"]["NotificationLine"][];
            unread: number;
        };
        /**
         * PartBody
         * @description A part that was sent, with the store's ETag of it.
         */
        PartBody: {
            etag: string;
            number: number;
        };
        /**
         * PartsRequest
         * @description Which parts are to be sent next.
         */
        PartsRequest: {
            numbers: number[];
        };
        /**
         * PaymentPlaces
         * @description Where a fee can be paid, and one of its prices.
         */
        PaymentPlaces: {
            bot_link?: string;
            price?: components["schemas"]["MoneyAnswer"];
            web_link?: string;
        };
        /**
         * PlanAgreement
         * @description What was shown, and is agreed to: `due` in minor units.
         */
        PlanAgreement: {
            due: number;
            prorated_at: number;
        };
        /**
         * PlanName
         * @description A plan of the shop.
         */
        PlanName: {
            id: number;
            title: string;
        };
        /**
         * PlanPrice
         * @description What a change costs now, what is left of the present plan being taken off; nothing where more is left.
         *
         *         `prorated_at`: the moment for which this counts, seconds since 1970; it may be agreed to for an hour.
         */
        PlanPrice: {
            due: components["schemas"]["MoneyAnswer"];
            prorated_at: number;
        };
        /**
         * PlanTarget
         * @description A plan that a membership by card may be changed to; `next_at`: when its price would be charged next.
         */
        PlanTarget: {
            id: number;
            /** Format: date-time */
            next_at: string;
            price: components["schemas"]["MoneyAnswer"];
            title: string;
        };
        /**
         * PlanTargets
         * @description All of them, in the order they were made.
         */
        PlanTargets: {
            items: components["schemas"]["PlanTarget"][];
        };
        /**
         * PortalAnswer
         * @description The address of Stripe's page of cards and invoices: for its holder alone, and for a few minutes.
         */
        PortalAnswer: {
            url: string;
        };
        /**
         * PreviewAnswer
         * @description What a product's files look like inside.
         *
         *         `pictures` and `teaser` are addresses, the seller's own picture first; the teaser is silent seconds
         *         of a film. `text` says what the file is; `lines` are names in it, headings, or its first lines.
         */
        PreviewAnswer: {
            /** @enum {unknown} */
            kind: "archive" | "document" | "excerpt" | "film" | "pages" | "picture" | "sound" | "unknown";
            lines: string[];
            pictures: string[];
            teaser: string | null;
            text: string;
        };
        /**
         * PreviewRequest
         * @description What is to be shown of a file before it is bought. An own sample is chosen by uploading one.
         */
        PreviewRequest: {
            /** @enum {unknown} */
            choice: "automatic" | "none";
        };
        /**
         * PriceBody
         * @description An amount in minor units.
         */
        PriceBody: {
            amount: number;
            currency: string;
        };
        /**
         * Problem
         * @description A problem document, application/problem+json (RFC 9457). `code` is stable; `detail` is for people.
         *
         *         `pay`: where the open fee is paid. `max`: the size in bytes that is allowed at most. `missing`: the
         *         numbers of the parts that are not in the store.
         */
        Problem: {
            code: string;
            detail: string;
            max?: number;
            missing?: number[];
            pay?: components["schemas"]["PaymentPlaces"];
            reference: string;
            status: number;
            title: string;
        };
        /**
         * ProductAnswer
         * @description A product as a buyer sees it. `facts`: what it gives besides files, in the reader's language; `owned`:
         *         they have bought it; `choices`: the terms for which the same is sold, this one among them.
         */
        ProductAnswer: {
            buy: components["schemas"]["BuyLinks"];
            choices: components["schemas"]["ProductChoice"][];
            description: string;
            facts: string[];
            files: components["schemas"]["FileAnswer"][];
            id: number;
            owned: boolean;
            preview: components["schemas"]["PreviewAnswer"] | null;
            prices: {
                [key: string]: components["schemas"]["MoneyAnswer"][];
            };
            seller_name: string;
            slug: string;
            title: string;
        };
        /**
         * ProductBody
         * @description A product as its form has it. `idempotency_key` makes a form that is sent twice one product.
         */
        ProductBody: {
            /** @default  */
            description?: string;
            /** @default null */
            idempotency_key?: string | null;
            /**
             * @default file
             * @enum {unknown}
             */
            kind?: "file";
            /** @default {} */
            prices?: {
                [key: string]: components["schemas"]["PriceBody"][];
            };
            title: string;
        };
        /**
         * ProductChoice
         * @description One of several terms for which the same is sold: the product to buy for it, and for how long it is.
         */
        ProductChoice: {
            prices: {
                [key: string]: components["schemas"]["MoneyAnswer"][];
            };
            slug: string;
            term: string;
            title: string;
        };
        /**
         * ProductFile
         * @description A file of a product as its seller sees it: accepted, or an upload that is not. `reason` in words;
         *         `preview_choice`: what is shown of it before it is bought.
         */
        ProductFile: {
            content_type: string;
            /** Format: uuid */
            id: string;
            name: string;
            /** @enum {unknown} */
            preview_choice: "automatic" | "none" | "own";
            reason?: string;
            size: number;
            /** @enum {unknown} */
            status: "aborted" | "accepted" | "awaiting_payment" | "lost" | "moderation" | "open" | "refused" | "verifying";
        };
        /**
         * Purchase
         * @description Something that a person bought. A revoked purchase has no files any more.
         */
        Purchase: {
            /** Format: date-time */
            bought_at: string;
            files: components["schemas"]["FileAnswer"][];
            grant_id: number;
            order_number: string;
            product_id: number;
            revoked: boolean;
            title: string;
        };
        /**
         * PutOutRequest
         * @description Why all access of a member to the shop ends; the person reads the reason, and the words beside it.
         */
        PutOutRequest: {
            /** @enum {unknown} */
            reason: "abuse" | "on_request" | "other" | "unpaid" | "violation_terms";
            /** @default  */
            words?: string;
        };
        /**
         * RailSales
         * @description What was sold on one rail in one currency: `amount` minor units in so many orders.
         */
        RailSales: {
            amount: number;
            /** @enum {unknown} */
            currency: "CAD" | "CHF" | "EUR" | "GBP" | "JPY" | "USD" | "XAF" | "XOF" | "XTR";
            orders: number;
            /** @enum {unknown} */
            rail: "card" | "crypto" | "manual" | "stars";
        };
        /**
         * RankedLine
         * @description A product, or a shop, with what it did in a range; `seller` is the shop's name.
         */
        RankedLine: {
            downloads: number;
            id: number;
            name: string;
            orders: number;
            revenue: components["schemas"]["MoneyAnswer"][];
            seller: string;
        };
        /**
         * ReadAnswer
         * @description How many are unread still.
         */
        ReadAnswer: {
            unread: number;
        };
        /**
         * ReadRequest
         * @description Which notifications were read.
         */
        ReadRequest: {
            ids: number[];
        };
        /**
         * Renewal
         * @description How a membership is renewed: the price in Stars inside Telegram, and the page of the web checkout.
         */
        Renewal: {
            stars: components["schemas"]["MoneyAnswer"] | null;
            web_link: string | null;
        };
        /**
         * RenewalRequest
         * @description `waiver`: the version of the words that its holder ticked (GET /api/payments/waiver), where the shop
         *         asks.
         */
        RenewalRequest: {
            /** @default  */
            waiver?: string;
        };
        /**
         * SaleAnswer
         * @description One sale. `buyer` is a shown name, empty while nobody has claimed a web order. `left` can still go
         *         back; `hindrance` says in words why nothing can, or is empty. `in_force`: what it gave stands;
         *         `goes_on`: a later period of its subscription is paid, which a refund does not end.
         */
        SaleAnswer: {
            buyer: string;
            disputes: components["schemas"]["SaleDispute"][];
            goes_on: boolean;
            hindrance: string;
            in_force: boolean;
            left: components["schemas"]["MoneyAnswer"];
            number: string;
            /** Format: date-time */
            paid_at: string;
            price: components["schemas"]["MoneyAnswer"];
            /** @enum {unknown} */
            rail: "card" | "crypto" | "manual" | "stars";
            refunds: components["schemas"]["SaleRefundRow"][];
            /** @enum {unknown} */
            status: "awaiting_payment" | "cancelled" | "created" | "delivered" | "expired" | "failed" | "paid" | "refunded" | "submitted";
            title: string;
        };
        /**
         * SaleDispute
         * @description A bank's dispute of a sale: why, in Stripe's word, and how it stands; `answer_by`: until when evidence
         *         counts. `is_held`: nobody may use what was bought for now. `proof`: the path of the proof of delivery,
         *         empty while it is gathered; `can_submit`: it can be handed in, once.
         */
        SaleDispute: {
            amount: components["schemas"]["MoneyAnswer"];
            answer_by: string | null;
            answered: boolean;
            can_submit: boolean;
            id: number;
            is_held: boolean;
            proof: string;
            reason: string;
            /** @enum {unknown} */
            status: "appeal_needs_response" | "appeal_under_review" | "lost" | "needs_response" | "prevented" | "under_review" | "warning_closed" | "warning_needs_response" | "warning_under_review" | "won";
        };
        /**
         * SalePage
         * @description A shop's sales, newest first.
         */
        SalePage: {
            items: components["schemas"]["SaleRow"][];
            page: number;
            pages: number;
            total: number;
        };
        /**
         * SaleRefundBody
         * @description Why and how much goes back: without `amount` all that is left, which ends access; a part ends it only
         *         where `end_access`. The same `idempotency_key` again refunds nothing more.
         */
        SaleRefundBody: {
            /** @default null */
            amount?: number | null;
            /** @default false */
            end_access?: boolean;
            idempotency_key: string;
            reason: string;
        };
        /**
         * SaleRefundRow
         * @description Money of a sale that went back, is on its way, or did not reach the buyer.
         */
        SaleRefundRow: {
            amount: components["schemas"]["MoneyAnswer"];
            /** Format: date-time */
            created_at: string;
            reason: string;
            /** @enum {unknown} */
            status: "failed" | "pending" | "succeeded" | "wanted";
        };
        /**
         * SaleRow
         * @description One sale in a list.
         */
        SaleRow: {
            number: string;
            /** Format: date-time */
            paid_at: string;
            price: components["schemas"]["MoneyAnswer"];
            /** @enum {unknown} */
            rail: "card" | "crypto" | "manual" | "stars";
            /** @enum {unknown} */
            status: "awaiting_payment" | "cancelled" | "created" | "delivered" | "expired" | "failed" | "paid" | "refunded" | "submitted";
            title: string;
        };
        /**
         * SalesAnswer
         * @description A seller's sales by day, the latest last, and their sums by rail and currency.
         */
        SalesAnswer: {
            days: components["schemas"]["DaySales"][];
            totals: components["schemas"]["RailSales"][];
        };
        /**
         * SellerProduct
         * @description A product as its seller sees it. `sales` and `revenue` count what was paid and not given back.
         *         `text_held`: it is published, and not on sale until staff have seen its words; `text_refused`: they have,
         *         and it is not on sale until these change.
         */
        SellerProduct: {
            /** Format: date-time */
            created_at: string;
            description: string;
            files: components["schemas"]["ProductFile"][];
            id: number;
            /** @enum {unknown} */
            kind: "file";
            preview: components["schemas"]["PreviewAnswer"] | null;
            prices: {
                [key: string]: components["schemas"]["MoneyAnswer"][];
            };
            revenue: components["schemas"]["MoneyAnswer"][];
            sales: number;
            slug: string;
            /** @enum {unknown} */
            status: "draft" | "published" | "unpublished";
            text_held: boolean;
            text_refused: boolean;
            title: string;
        };
        /**
         * SellerProductPage
         * @description A seller's products, newest first.
         */
        SellerProductPage: {
            items: components["schemas"]["SellerProduct"][];
            page: number;
            pages: number;
            total: number;
        };
        /**
         * SessionAnswer
         * @description A session of one hour. `token` goes into `Authorization: Bearer …`; `shop` is their own, if any.
         *         `is_test`: the shop is for trying, and every page says so.
         */
        SessionAnswer: {
            bot_username: string;
            /** Format: date-time */
            expires_at: string;
            is_test: boolean;
            limits: components["schemas"]["UploadLimits"];
            shop: components["schemas"]["SessionShop"] | null;
            shop_name: string;
            token: string;
            /** @enum {unknown} */
            upload_policy: "after_payment" | "on_confirm";
            user: components["schemas"]["SessionUser"];
        };
        /**
         * SessionRequest
         * @description What Telegram gave the Mini App.
         */
        SessionRequest: {
            init_data: string;
        };
        /**
         * SessionShop
         * @description The person's own shop, and the rails on which it sells.
         */
        SessionShop: {
            id: number;
            name: string;
            rails: ("card" | "crypto" | "manual" | "stars")[];
            /** @enum {unknown} */
            status: "approved" | "pending" | "refused" | "suspended";
        };
        /**
         * SessionUser
         * @description Who is signed in.
         */
        SessionUser: {
            id: number;
            /** @enum {unknown} */
            language: "en" | "fr";
            name: string;
            roles: ("admin" | "banned" | "buyer" | "seller" | "support")[];
        };
        /**
         * ShopFeeAnswer
         * @description How the monthly fee of the person's shop stands, and where it is paid. `none`: no fee is asked.
         */
        ShopFeeAnswer: {
            paid_until: string | null;
            pay: components["schemas"]["PaymentPlaces"];
            /** @enum {unknown} */
            state: "lacking" | "none" | "paid" | "suspended";
        };
        /**
         * SignedParts
         * @description Addresses to PUT parts at, by the part's number; they work for `expires_in` seconds.
         */
        SignedParts: {
            expires_in: number;
            urls: {
                [key: string]: string;
            };
        };
        /**
         * StatementAnswer
         * @description A month (UTC) like "2026-11". `file` is the address of its CSV, good while the session lives.
         */
        StatementAnswer: {
            file: string;
            file_name: string;
            month: string;
            seller: string;
            sums: components["schemas"]["StatementLine"][];
        };
        /**
         * StatementLine
         * @description The month on one rail in one currency, in minor units; `net` is what was sold and not given back.
         *
         *         `vat`: that in `net`, as far as it was worked out; null where it never was.
         */
        StatementLine: {
            /** @enum {unknown} */
            currency: "CAD" | "CHF" | "EUR" | "GBP" | "JPY" | "USD" | "XAF" | "XOF" | "XTR";
            given_back: number;
            net: number;
            paid_out: number;
            /** @enum {unknown} */
            rail: "card" | "crypto" | "manual" | "stars";
            refunds: number;
            sales: number;
            sold: number;
            vat: number | null;
        };
        /**
         * StoredPart
         * @description A part that the store has.
         */
        StoredPart: {
            etag: string;
            number: number;
            size: number;
        };
        /**
         * TaxRequest
         * @description Whether VAT is to be worked out by Stripe Tax on later sales by card.
         */
        TaxRequest: {
            wanted: boolean;
        };
        /**
         * UploadAnswer
         * @description A file on its way: `parts` of `part_size` bytes, the last one shorter. `replaces` as it was asked for.
         *
         *         `reason` is there once it was refused, in words; `payment_status` where the shop asks a listing fee, and
         *         `pay` while the upload waits for it; `parts_held` where one open upload was asked for. `store_full` says
         *         that the store's disk has no room for one more part, as far as that is known.
         */
        UploadAnswer: {
            /** Format: date-time */
            expires_at: string;
            fingerprint: components["schemas"]["FingerprintAnswer"];
            /** Format: uuid */
            id: string;
            name: string;
            part_size: number;
            parts: number;
            parts_held?: components["schemas"]["StoredPart"][];
            pay?: components["schemas"]["PaymentPlaces"];
            /** @enum {unknown} */
            payment_status?: "confirmed" | "failed" | "pending";
            /** @enum {unknown} */
            policy: "after_payment" | "on_confirm";
            product_id: number;
            /** @enum {unknown} */
            purpose: "file" | "picture" | "sample";
            reason?: string;
            replaces: string | null;
            size: number;
            /** @enum {unknown} */
            state: "aborted" | "accepted" | "awaiting_payment" | "lost" | "moderation" | "open" | "refused" | "verifying";
            store_full: boolean;
            type: string;
        };
        /**
         * UploadLimits
         * @description The largest file and the largest sample of one in bytes, how many parts are signed at once, and the
         *         days an upload is kept.
         */
        UploadLimits: {
            max_sample_size: number;
            max_upload_size: number;
            part_batch: number;
            upload_days: number;
        };
        /**
         * UploadRequest
         * @description A file to be uploaded. Whose it is, the session says.
         *
         *         `head` is its first 4,096 bytes (all of a smaller file) in Base64: by them a file that would be refused
         *         is refused before it is sent. `replaces`: the file whose place it takes, or that it is a sample of. `type`
         *         is the browser's opinion, which decides nothing.
         */
        UploadRequest: {
            fingerprint: components["schemas"]["FingerprintBody"];
            /** @default  */
            head?: string;
            name: string;
            product_id: number;
            /**
             * @default file
             * @enum {unknown}
             */
            purpose?: "file" | "picture" | "sample";
            /** @default null */
            replaces?: string | null;
            size: number;
            /** @default  */
            type?: string;
        };
        /**
         * WaiverAnswer
         * @description What a buyer agrees to before paying: the loss of the right of withdrawal (Directive 2011/83/EU, art.
         *         16 (m)). `version` names these `words`; both are empty where the shop does not ask.
         */
        WaiverAnswer: {
            version: string;
            words: string;
        };
        /**
         * WayAnswer
         * @description Pages of ours that lead to Stripe for an hour: to its form, or to who has an account already.
         */
        WayAnswer: {
            form: string;
            own: string | null;
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type BanRequest = components['schemas']['BanRequest'];
export type BuyLinks = components['schemas']['BuyLinks'];
export type CardsAnswer = components['schemas']['CardsAnswer'];
export type ChannelAnswer = components['schemas']['ChannelAnswer'];
export type ChannelDifferences = components['schemas']['ChannelDifferences'];
export type ChannelEventAnswer = components['schemas']['ChannelEventAnswer'];
export type ChannelEventPage = components['schemas']['ChannelEventPage'];
export type ChannelList = components['schemas']['ChannelList'];
export type ChannelPeople = components['schemas']['ChannelPeople'];
export type ChannelPerson = components['schemas']['ChannelPerson'];
export type ChoiceLine = components['schemas']['ChoiceLine'];
export type ChoiceRequest = components['schemas']['ChoiceRequest'];
export type CompleteRequest = components['schemas']['CompleteRequest'];
export type CompletionAnswer = components['schemas']['CompletionAnswer'];
export type DaySales = components['schemas']['DaySales'];
export type DownloadAnswer = components['schemas']['DownloadAnswer'];
export type DownloadRequest = components['schemas']['DownloadRequest'];
export type DownloadRow = components['schemas']['DownloadRow'];
export type FiguresAnswer = components['schemas']['FiguresAnswer'];
export type FiguresSlot = components['schemas']['FiguresSlot'];
export type FileAnswer = components['schemas']['FileAnswer'];
export type FingerprintAnswer = components['schemas']['FingerprintAnswer'];
export type FingerprintBody = components['schemas']['FingerprintBody'];
export type InvoiceAnswer = components['schemas']['InvoiceAnswer'];
export type KnownPerson = components['schemas']['KnownPerson'];
export type KnownPersonPage = components['schemas']['KnownPersonPage'];
export type LanguageAnswer = components['schemas']['LanguageAnswer'];
export type LegalAnswer = components['schemas']['LegalAnswer'];
export type LegalRequest = components['schemas']['LegalRequest'];
export type LibraryPage = components['schemas']['LibraryPage'];
export type LiveAnswer = components['schemas']['LiveAnswer'];
export type MailAnswer = components['schemas']['MailAnswer'];
export type MailRequest = components['schemas']['MailRequest'];
export type MeChange = components['schemas']['MeChange'];
export type Member = components['schemas']['Member'];
export type MemberPage = components['schemas']['MemberPage'];
export type MembersFigures = components['schemas']['MembersFigures'];
export type MembershipActs = components['schemas']['MembershipActs'];
export type MembershipAnswer = components['schemas']['MembershipAnswer'];
export type MembershipChannel = components['schemas']['MembershipChannel'];
export type MembershipList = components['schemas']['MembershipList'];
export type MoneyAnswer = components['schemas']['MoneyAnswer'];
export type MonthChurn = components['schemas']['MonthChurn'];
export type MonthRevenue = components['schemas']['MonthRevenue'];
export type NotificationLine = components['schemas']['NotificationLine'];
export type NotificationPage = components['schemas']['NotificationPage'];
export type PartBody = components['schemas']['PartBody'];
export type PartsRequest = components['schemas']['PartsRequest'];
export type PaymentPlaces = components['schemas']['PaymentPlaces'];
export type PlanAgreement = components['schemas']['PlanAgreement'];
export type PlanName = components['schemas']['PlanName'];
export type PlanPrice = components['schemas']['PlanPrice'];
export type PlanTarget = components['schemas']['PlanTarget'];
export type PlanTargets = components['schemas']['PlanTargets'];
export type PortalAnswer = components['schemas']['PortalAnswer'];
export type PreviewAnswer = components['schemas']['PreviewAnswer'];
export type PreviewRequest = components['schemas']['PreviewRequest'];
export type PriceBody = components['schemas']['PriceBody'];
export type Problem = components['schemas']['Problem'];
export type ProductAnswer = components['schemas']['ProductAnswer'];
export type ProductBody = components['schemas']['ProductBody'];
export type ProductChoice = components['schemas']['ProductChoice'];
export type ProductFile = components['schemas']['ProductFile'];
export type Purchase = components['schemas']['Purchase'];
export type PutOutRequest = components['schemas']['PutOutRequest'];
export type RailSales = components['schemas']['RailSales'];
export type RankedLine = components['schemas']['RankedLine'];
export type ReadAnswer = components['schemas']['ReadAnswer'];
export type ReadRequest = components['schemas']['ReadRequest'];
export type Renewal = components['schemas']['Renewal'];
export type RenewalRequest = components['schemas']['RenewalRequest'];
export type SaleAnswer = components['schemas']['SaleAnswer'];
export type SaleDispute = components['schemas']['SaleDispute'];
export type SalePage = components['schemas']['SalePage'];
export type SaleRefundBody = components['schemas']['SaleRefundBody'];
export type SaleRefundRow = components['schemas']['SaleRefundRow'];
export type SaleRow = components['schemas']['SaleRow'];
export type SalesAnswer = components['schemas']['SalesAnswer'];
export type SellerProduct = components['schemas']['SellerProduct'];
export type SellerProductPage = components['schemas']['SellerProductPage'];
export type SessionAnswer = components['schemas']['SessionAnswer'];
export type SessionRequest = components['schemas']['SessionRequest'];
export type SessionShop = components['schemas']['SessionShop'];
export type SessionUser = components['schemas']['SessionUser'];
export type ShopFeeAnswer = components['schemas']['ShopFeeAnswer'];
export type SignedParts = components['schemas']['SignedParts'];
export type StatementAnswer = components['schemas']['StatementAnswer'];
export type StatementLine = components['schemas']['StatementLine'];
export type StoredPart = components['schemas']['StoredPart'];
export type TaxRequest = components['schemas']['TaxRequest'];
export type UploadAnswer = components['schemas']['UploadAnswer'];
export type UploadLimits = components['schemas']['UploadLimits'];
export type UploadRequest = components['schemas']['UploadRequest'];
export type WaiverAnswer = components['schemas']['WaiverAnswer'];
export type WayAnswer = components['schemas']['WayAnswer'];
export type $defs = Record<string, never>;
export type operations = Record<string, never>;
