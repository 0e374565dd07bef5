import { Hosted } from './harness/guest/server/testing/hosted.ts'
const dir = '/work/tmp/guest-server/t/'
for (const f of process.argv.slice(2)) {
  console.log('==', f)
  try {
    const t = performance.now()
    const h = new Hosted({ file: dir + f, dump: dir + 'dump.ts', cwd: dir })
    const show = async (p: any) => console.log(JSON.stringify(await p).slice(0, 600), h.clock.now())
    await show(h.dump())
    console.log('boot', performance.now() - t)
    await show(h.request({ method: 'POST', path: '/rows', headers: { 'content-type': 'application/json' }, body: '{"text":"hi ⟦m1 ana-1⟧"}' }))
    for (const p of ['/rows', '/self', '/out', '/file', '/rows.ts']) await show(h.get(p))
    await show(h.request({ method: 'GET', path: '/rows', headers: { 'accept-encoding': 'gzip' } }))
    await show(h.dump())
    await h.clock.advance(20000)
    console.log(h.deaths)
  } catch (e) { console.log(e) }
}
