# Card payments through Stripe: what sellers are told and shown of their account there.
stripe-active = 💳 <b>{ $name }</b> can take cards now. Put a price in euros or another currency on what you sell, and buyers pay by card on its page.
stripe-incomplete = ⚠️ Stripe wants to know something more of <b>{ $name }</b> before buyers can pay by card. /cards says what, and leads there.
stripe-rejected = ❌ Stripe does not take cards for <b>{ $name }</b>: your country or kind of business is one that it does not serve, or it refused the account. Its page says why; your other ways to be paid go on.
stripe-disconnected = 🔌 <b>{ $name }</b> is no longer connected to Stripe: buyers cannot pay by card. /cards connects it again.
error-bad-fee = “{ $text }” is no share that can be taken. Write a percentage from 0 to 100 with at most two decimals, like 5 or 2.5.
