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

alert-bot =
    🚨 <b>The bot has said nothing for { $count ->
        [one] a minute
       *[other] { $count } minutes
    }</b>
    It hangs or has died: messages and buttons wait at Telegram, payments that were made are not lost. Restart the bot, then look at its log.

alert-questions =
    🚨 <b>{ $count ->
        [one] A question to support waits too long for its answer
       *[other] { $count } questions to support wait too long for their answer
    }</b>
    /questions lists them, the oldest first. Nobody else answers them: pass them to somebody who is there.

alert-audit =
    🚨 <b>The audit log was tampered with, or its database was brought back from a copy</b>
    { $subject ->
        [unreadable] Entry { $count } cannot be read: nothing of ours writes such a one. The others are sealed as always.
        [backdated] Entry { $count } claims to be older than it is. The others are sealed as always.
        [head-missing] What was sealed last is no longer in the database. Nothing is sealed until somebody decides.
        [head-forged] The head that is kept in the store was not signed by this shop. Nothing is sealed until somebody decides.
       *[other] The first place that does not hold: { $count }.
    } <code>comptoir audit verify</code> says what; the operations page (Audit log) says what to do. After a restore: <code>comptoir audit accept</code>.

alert-memory =
    🚨 <b>{ $count } % of the memory is in use</b>
    <code>comptoir queue workers</code> shows who holds it. Move workers to another machine before it runs out.

alert-disk =
    🚨 <b>The store’s disk is { $count } % full</b>
    New files that would leave less than 5 % free are refused. Enlarge the disk before it is full: a full store gets no room back by deleting. <code>comptoir storage</code> shows what it holds, the runbook (Full disk) what to do.

alert-store =
    🚨 <b>{ $count ->
        [one] A job has waited for the store for more than five minutes
       *[other] { $count } jobs have waited for the store for more than five minutes
    }</b>
    The store does not answer, is full, or refuses. Nothing is lost: what waits goes on within a minute once the store takes files again. <code>comptoir doctor --store</code> says what is wrong.

alert-rows =
    🚨 <b>{ $count ->
        [one] A row cannot be done
       *[other] { $count } rows cannot be done
    }</b>
    Loop: { $subject }. They are left out and all others are done. The table <code>bad_row</code> and the log name them with their error; mend them or their cause.

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
        [bot] the bot lives
        [questions] no question to support waits too long any more
        [audit] the audit log holds again
        [rows] every row of { $subject } is done
        [store] the store takes files again
        [disk] there is room on the store’s disk
       *[memory] there is room in memory
    }</b>
