import { at, scenario } from '../harness/core/build.ts'
import { deleteMessage, editMessage, send } from '../harness/workload/chat.ts'

export default scenario({
  title: 'Clean',
  story:
    'Ana and Ben chat on a good network; one message is edited, one deleted. ' +
    'Everything arrives once, on both phones.',
  devices: ['ana', 'ben'],
  steps: [
    at('5s', send('ana', 'Are you on the train?')),
    at('20s', send('ben', 'Yes, window seat')),
    at('35s', send('ana', 'See you at sevn')),
    at('60s', editMessage('ana', 'm3', 'See you at seven')),
    at('75s', send('ben', 'Wrong chat, sorry', { as: 'oops' })),
    at('100s', deleteMessage('ben', 'oops')),
  ],
  exercised: { serverCommits: 6 },
})
