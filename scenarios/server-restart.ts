import { at, during, scenario } from '../harness/core/build.ts'
import { serverDown } from '../harness/faults/server-down.ts'
import { send } from '../harness/workload/chat.ts'

export default scenario({
  title: 'Server restart',
  story:
    "The server is restarted after Ana's message has arrived. " +
    'What she was told is there must be there afterwards, or come again.',
  devices: ['ana', 'ben'],
  steps: [
    at('5s', send('ana', 'Before the restart')),
    during('40s', '60s', serverDown()),
    at('50s', send('ana', 'During the restart')),
  ],
  exercised: { serverCommits: 2, serverRestarts: 1, failedRequests: 1 },
})
