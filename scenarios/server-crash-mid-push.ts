import { at, during, scenario } from '../harness/core/build.ts'
import { serverCrash } from '../harness/faults/server-crash.ts'
import { send } from '../harness/workload/chat.ts'

export default scenario({
  title: 'Server crash mid-push',
  story:
    'The server dies right after it stored a message and before it could say so, ' +
    'and once more just before storing one. Both arrive, each once.',
  devices: ['ana', 'ben'],
  steps: [
    during('10s', '60s', serverCrash('after-commit')),
    at('20s', send('ana', 'Stored, but not acknowledged')),
    during('90s', '140s', serverCrash('before-commit')),
    at('100s', send('ana', 'Not even stored')),
  ],
  exercised: { serverCommits: 2, serverRestarts: 2, failedRequests: 2, lostAcks: 1 },
})
