import { at, scenario } from '../harness/core/build.ts'
import { send } from '../harness/workload/chat.ts'

export default scenario({
  title: 'First message',
  story: 'Ana sends one message on a good network. It arrives once, and Ben sees it.',
  devices: ['ana', 'ben'],
  steps: [at('5s', send('ana', 'Are you on the train?'))],
  healAt: '20s',
  exercised: { serverCommits: 1 },
})
