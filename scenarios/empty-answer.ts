import { at, during, scenario } from '../harness/core/build.ts'
import { emptyAnswer } from '../harness/faults/empty-answer.ts'
import { send } from '../harness/workload/chat.ts'

export default scenario({
  title: 'Empty answer',
  story:
    'A proxy answers 200 without a word, and passes nothing on. ' +
    'Silence is no consent: the messages leave when the server itself answers.',
  devices: ['ana', 'ben'],
  steps: [
    at('5s', send('ana', 'Boarding now')),
    during('25s', '70s', emptyAnswer('ana')),
    at('30s', send('ana', 'Which platform are you on?')),
    at('40s', send('ben', 'Platform nine')),
    at('48s', send('ana', 'On my way')),
    at('85s', send('ben', 'I can see you')),
  ],
  exercised: { serverCommits: 5, replacedResponses: 2, actionsUnderFault: 2 },
})
