alert-promise =
    🚨 <b>{ $subject ->
        [paid_undelivered] { $count ->
            [one] A paid order has not been delivered
           *[other] { $count } paid orders have not been delivered
        }
        [grant_without_payment] { $count ->
            [one] A grant has no payment
           *[other] { $count } grants have no payment
        }
        [expired_inside] { $count ->
            [one] Somebody is still in a channel after the end of their access
           *[other] { $count } people are still in a channel after the end of their access
        }
        [member_without_grant] { $count ->
            [one] Somebody is in a channel without a grant
           *[other] { $count } people are in a channel without a grant
        }
       *[other] { $count ->
            [one] An upload waits for its verdict
           *[other] { $count } uploads wait for their verdict
        }
    }</b>
    The shop did not do by itself what it promises. <code>comptoir queue</code> shows the promise that is broken and what to do.

alert-dead =
    🚨 <b>{ $count ->
        [one] A job failed for good
       *[other] { $count } jobs failed for good
    }</b>
    Queue: { $subject }. <code>comptoir queue dead</code> groups them by error; mend the cause, then <code>comptoir queue retry</code>.

alert-late =
    🚨 <b>Jobs are late by { $count ->
        [one] a minute
       *[other] { $count } minutes
    }</b>
    Queue: { $subject }. Too few workers, or one that hangs: <code>comptoir queue</code> shows which.

alert-workers =
    🚨 <b>No { $subject } worker is alive</b>
    Their jobs wait and none is lost. Start the workers, then look at <code>comptoir queue workers</code>.

alert-memory =
    🚨 <b>{ $count } % of the memory is in use</b>
    <code>comptoir queue workers</code> shows who holds it. Move workers to another machine before it runs out.

alert-over =
    ✅ <b>It is over: { $kind ->
        [promise] { $subject ->
            [paid_undelivered] paid orders are delivered
            [grant_without_payment] every grant has its payment
            [expired_inside] nobody is in a channel after the end of their access
            [member_without_grant] nobody is in a channel without a grant
           *[other] uploads have their verdict
        }
        [dead] no dead job is left in the queue { $subject }
        [late] the queue { $subject } is on time
        [workers] { $subject } workers are alive
       *[memory] there is room in memory
    }</b>
