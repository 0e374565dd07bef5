/** @jsxRuntime automatic */
/** @jsxImportSource preact */
import type { ComponentChildren } from 'preact'
import type { History } from '../../../harness/core/history.ts'
import type { DescribeEvent } from '../../events/event-views.ts'
import { momentText } from '../../words/time.ts'
import { ArrowShape } from './arrow-shape.tsx'
import { arrowsOf } from './arrows.ts'
import { bandsOf } from './bands.ts'
import { FaultBand } from './fault-band.tsx'
import { Heads } from './heads.tsx'
import { lanesOf } from './lanes.ts'
import { computeLayout } from './layout.ts'
import { Lifelines } from './lifelines.tsx'
import { NoteShape } from './note-shape.tsx'
import { FoldMark, JumpMark, Moments, PhaseLine } from './time-marks.tsx'

export interface Drawing {
  readonly picture: ComponentChildren
  /** The `seq`s of the events in the picture: only those can be linked to. */
  readonly shown: ReadonlySet<number>
}

/**
 * Draws a history as a sequence diagram.
 *
 * @param evidence - the `seq`s of the events to mark
 * @param id - returns the anchor of an event
 */
export function draw(
  history: History,
  evidence: ReadonlySet<number>,
  describeEvent: DescribeEvent,
  id: (seq: number) => string,
): Drawing {
  const lanes = lanesOf(history.devices)
  const layout = computeLayout(history, evidence, describeEvent)
  const arrows = arrowsOf(history, lanes, layout)
  const notes = layout.placements.filter(({ note }) => note)
  const withShape = new Set([
    ...notes.map(({ event }) => event.seq),
    ...arrows.flatMap(({ seqs }) => seqs),
  ])
  const others = layout.placements.filter(({ event }) => !withShape.has(event.seq))
  const isEvidence = (seqs: readonly number[]) => seqs.some((seq) => evidence.has(seq))
  const evidenceClass = (...seqs: readonly number[]) => (isEvidence(seqs) ? 'ev' : undefined)
  const tooltip = (seq: number) => {
    const event = layout.bySeq.get(seq)?.event
    return event ? `${momentText(event.t)} · ${event.node} ${describeEvent(event)}` : ''
  }
  const picture = (
    <section class="diagram" tabindex={0} aria-label="What happened, from top to bottom">
      <Heads lanes={lanes} history={history} />
      <svg
        width={lanes.width}
        height={Math.ceil(layout.height)}
        viewBox={`0 0 ${lanes.width} ${Math.ceil(layout.height)}`}
        role="img"
        aria-label="Sequence diagram"
      >
        <Lifelines lanes={lanes} layout={layout} requests={history.whole.requests} />
        {bandsOf(history, lanes, layout).map((band) => (
          <FaultBand band={band} />
        ))}
        <Moments layout={layout} lanes={lanes} />
        {layout.jumps.map((jump) => (
          <JumpMark jump={jump} lanes={lanes} />
        ))}
        {layout.folds.map((fold) => (
          <FoldMark fold={fold} lanes={lanes} />
        ))}
        {others.map((placement) => (
          <PhaseLine placement={placement} lanes={lanes} id={id(placement.event.seq)} />
        ))}
        {arrows.map((arrow) => (
          <Anchors seqs={arrow.seqs} id={id} class={evidenceClass(...arrow.seqs)}>
            <title>{arrow.seqs.map(tooltip).join('\n')}</title>
            <ArrowShape arrow={arrow} />
          </Anchors>
        ))}
        {notes.map((placement) => (
          <g id={id(placement.event.seq)} class={evidenceClass(placement.event.seq)}>
            <title>{tooltip(placement.event.seq)}</title>
            <NoteShape
              placement={placement}
              lanes={lanes}
              marked={evidence.has(placement.event.seq)}
            />
          </g>
        ))}
      </svg>
    </section>
  )
  return { picture, shown: new Set([...withShape, ...others.map(({ event }) => event.seq)]) }
}

/** Nests a group per event: the anchor of each event of the shape highlights the shape. */
function Anchors({
  seqs,
  id,
  children,
  class: name,
}: {
  seqs: readonly number[]
  id: (seq: number) => string
  children: ComponentChildren
  class: string | undefined
}) {
  return seqs.reduceRight<ComponentChildren>(
    (inner, seq, i) => (
      <g id={id(seq)} class={i === 0 ? name : undefined}>
        {inner}
      </g>
    ),
    children,
  )
}
