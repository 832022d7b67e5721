paper-invoice = Invoice
paper-receipt = Receipt
paper-credit_note = Credit note
paper-date = { DAY($when) }
paper-from = Sold by
paper-to = Sold to
paper-buyer-unknown = The buyer
paper-order = Order { $number }
paper-vat = VAT no. { $number }
paper-what = What was bought
paper-what-back = What is credited
paper-amount = Amount
paper-total = Total paid
paper-total-back = Total refunded
paper-payment = Payment
paper-paid-how = { $rail }, { DAY($when) }
paper-credited = Document corrected
paper-of-day = { $number } of { DAY($when) }
paper-paid-by = Paid by { $rail } on { DAY($when) }
paper-corrects = This credit note corrects { $number }.
paper-reason = Reason: { $reason }
paper-taxes = All amounts include taxes.
paper-net = Base without VAT
paper-tax = VAT
paper-tax-rate = VAT { $rate }
paper-tax-by = The VAT was calculated by Stripe Tax.
paper-tax-by-rate = The VAT was calculated by Stripe Tax; its rate follows from the sums.
paper-keep = Keep this document. For any question about it, quote order { $number }.
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
paper-waived = On { DAY($when) } you asked for immediate access and waived your right of withdrawal.
