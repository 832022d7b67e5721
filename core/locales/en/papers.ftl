paper-invoice = Invoice
paper-receipt = Receipt
paper-credit_note = Credit note
paper-date = { DAY($when) }
paper-from = Sold by
paper-to = Sold to
paper-buyer-unknown = The bearer of this order
paper-order = Order { $number }
paper-vat = VAT no. { $number }
paper-what = What was bought
paper-amount = Amount
paper-total = Total paid
paper-total-back = Total given back
paper-payment = Payment
paper-paid-how = { $rail }, { DAY($when) }
paper-corrects = Takes back from { $number }.
paper-reason = Reason: { $reason }
paper-taxes = All amounts include taxes.
paper-tax = Of it VAT: { $tax }. All amounts include taxes.
paper-keep = Keep this paper. For a question about it, name order { $number }.
paper-fetch-invoice = Invoice { $number } (PDF)
paper-fetch-receipt = Receipt { $number } (PDF)
paper-fetch-credit_note = Credit note { $number } (PDF)
paper-ready =
    🧾 <b>{ $kind ->
        [invoice] Invoice
        [credit_note] Credit note
       *[receipt] Receipt
    } { $paper } for order { $number }</b>
    { $url }
paper-waived = On { DAY($when) } you asked for access at once and gave up your right of withdrawal.
