paper-invoice = Facture
paper-receipt = Reçu
paper-credit_note = Avoir
paper-date = { DAY($when) }
paper-from = Vendu par
paper-to = Vendu à
paper-buyer-unknown = L’acheteur
paper-order = Commande { $number }
paper-vat = N° de TVA { $number }
paper-what = Désignation
paper-what-back = Ce qui est remboursé
paper-amount = Montant
paper-total = Total payé
paper-total-back = Total remboursé
paper-payment = Paiement
paper-paid-how = { $rail }, { DAY($when) }
paper-credited = Document rectifié
paper-of-day = { $number } du { DAY($when) }
paper-paid-by = Payé le { DAY($when) } ({ $rail })
paper-corrects = Cet avoir corrige { $number }.
paper-reason = Motif : { $reason }
paper-taxes = Montants toutes taxes comprises.
paper-net = Montant hors TVA
paper-tax = TVA
paper-tax-rate = TVA { $rate }
paper-tax-by = TVA calculée par Stripe Tax.
paper-tax-by-rate = TVA calculée par Stripe Tax ; le taux se déduit des montants.
paper-keep = Conservez ce document. Pour toute question, citez la commande { $number }.
paper-fetch-invoice = Facture { $number } (PDF)
paper-fetch-receipt = Reçu { $number } (PDF)
paper-fetch-credit_note = Avoir { $number } (PDF)
paper-ready =
    🧾 <b>{ $kind ->
        [invoice] Facture
        [credit_note] Avoir
       *[receipt] Reçu
    } { $paper } de la commande { $number }</b>
    { $url }
paper-waived = Le { DAY($when) }, vous avez demandé l’accès immédiat et renoncé à votre droit de rétractation.
