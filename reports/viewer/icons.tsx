/** @jsxRuntime automatic */
/** @jsxImportSource preact */

const CIRCLE = 'M8 1.5a6.5 6.5 0 1 0 0 13a6.5 6.5 0 0 0 0-13z'
const ICONS: Readonly<Record<string, string>> = {
  clock: `${CIRCLE}M8 4.5V8l2.5 1.5`,
  check: `${CIRCLE}M5 8.2l2.1 2.1L11 6.2`,
  failed: `${CIRCLE}M8 4.5v4M8 11v.3`,
  disk: 'M8 2v7M5 6.5L8 9.5l3-3M2.5 11v2.5h11V11',
  pull: 'M8 2v8M5 7l3 3l3-3M3 13.5h10',
  cross: 'M3.5 3.5l9 9M12.5 3.5l-9 9',
  play: 'M5 3l8 5l-8 5z',
  box: 'M2.5 4.5h11v7h-11z',
  gone: 'M2.5 4.5h11v7h-11zM1 13L15 3',
  phone: 'M5 1.5h6a1 1 0 0 1 1 1v11a1 1 0 0 1-1 1H5a1 1 0 0 1-1-1v-11a1 1 0 0 1 1-1zM7 12.5h2',
  server: 'M2 2.5h12v4.5H2zM2 9h12v4.5H2zM4.5 4.8h.01M4.5 11.3h.01',
}

/** Defines all icons of the page. `<use href="#i-clock">` shows one. */
export function Icons() {
  return (
    <svg class="icons" width="0" height="0" aria-hidden="true">
      {Object.entries(ICONS).map(([name, path]) => (
        <symbol id={`i-${name}`} viewBox="0 0 16 16">
          <path d={path} />
        </symbol>
      ))}
    </svg>
  )
}

export function Icon({ name, label }: { name: string; label: string }) {
  return (
    <svg class={`icon s-${name}`} width="14" height="14" role="img" aria-label={label}>
      <use href={`#i-${name}`} />
    </svg>
  )
}
