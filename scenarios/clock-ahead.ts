import { at, during, scenario } from '../harness/core/build.ts'
import { clockSkew } from '../harness/faults/clock-skew.ts'
import { partition } from '../harness/faults/partition.ts'
import { editNote, writeNote } from '../harness/workload/notes.ts'

export default scenario({
  title: 'Clock ahead',
  story:
    "Ana's phone is a day ahead when she edits a note. Ben, cut off, edits it a minute later. " +
    'His edit is the later one and must stand; hers is kept as a conflict.',
  devices: ['ana', 'ben'],
  steps: [
    at('5s', writeNote('ana', 'plan', 'Meet at seven')),
    during('30s', '2m', clockSkew('ana', 'ahead', '1d')),
    during('30s', '2m', partition('ben')),
    at('35s', editNote('ana', 'plan', 'Meet at eight')),
    at('110s', editNote('ben', 'plan', 'Meet at nine')),
  ],
  exercised: { serverCommits: 3, conflicts: 1, actionsUnderFault: 2 },
})
