/** The operator's page. What is true stands in the program that serves it; here it is shown, and asked for. */
import { render } from 'lit-html'
import type { Room, Told } from '../shown.ts'
import { acknowledged, audible, type Latched, latch } from './alarms.ts'
import { Channel, enter } from './channel.ts'
import { Curve } from './curve.ts'
import { frame } from './frame.ts'
import { Age } from './fresh.ts'
import type { Page } from './page.ts'
import { Picture } from './picture.ts'
import { Sound } from './sound.ts'
import { language, say, speak } from './words/index.ts'

const NOTHING: Room = {
  ...{ unit: undefined, noUnit: undefined, screening: undefined, verdict: undefined },
  ...{ programs: [], choice: undefined, session: undefined, control: undefined },
}
/** How long the sound stays paused. Unit ms; project policy. */
const PAUSE_MS = 120_000
/** The page looks at the clock this often: what is old is not shown. Unit ms. */
const LOOK_MS = 100

const root = document.getElementById('console')!
const [age, curve, picture, sound] = [new Age(), new Curve(), new Picture(), new Sound()]
let room = NOTHING
let points: Page['points'] = []
let latched: readonly Latched[] = []
let [id, problem, pausedUntil, releasedAt] = ['', '', 0, 0]
let [wanted, wasFresh] = [false, false]

const channel = new Channel(take, () => {
  if (!channel.isOpen) age.forget()
  soon()
})

function take(told: Told): void {
  if (told.is === 'you') id = told.page
  else if (told.is === 'problem') problem = told.text
  else if (told.is === 'points') points = [...points.slice(0, told.from), ...told.points]
  else {
    age.take(told.at, performance.now())
    room = told.room
    latched = room.session ? latch(latched, room.session.view.alarms) : []
  }
  soon()
}

/** Releases at once; a key that repeats, and a click behind a touch, do it no second time within 200 ms. */
function release(): void {
  const now = performance.now()
  if (now - releasedAt < 200) return
  releasedAt = now
  channel.release()
}

const page = (now: number): Page => ({
  id,
  room,
  points,
  problem,
  latched,
  isFresh: isFresh(now),
  isOpen: channel.isOpen,
  isPaused: now < pausedUntil,
  send: act => {
    problem = ''
    channel.send(act)
    soon()
  },
  release,
  acknowledge: () => {
    latched = acknowledged(latched)
    soon()
  },
  pauseSound: () => {
    pausedUntil = now < pausedUntil ? 0 : performance.now() + PAUSE_MS
    soon()
  },
  speak: chosen => {
    speak(chosen)
    soon()
  },
})

/** What the room says of pressures is no older than a second. */
const isFresh = (now: number): boolean => channel.isOpen && age.isFresh(now)

/** Draws once in the next picture, whatever came in until then. */
function soon(): void {
  if (wanted) return
  wanted = true
  requestAnimationFrame(show)
}

function show(): void {
  wanted = false
  const now = performance.now()
  wasFresh = isFresh(now)
  render(frame(page(now)), root)
  const limbs = room.session?.view.limbs ?? []
  curve.show(document.getElementById('curve'), points, limbs)
  picture.show(document.getElementById('diagram'), room.session?.view.phase)
}

addEventListener(
  'keydown',
  event => {
    sound.allow()
    if ((event.key !== ' ' && event.key !== 'Escape') || isTyped(event)) return
    event.preventDefault()
    event.stopPropagation()
    release()
  },
  { capture: true },
)
// A button that has the focus is not pressed by the Space that releases.
addEventListener(
  'keyup',
  event => {
    if (event.key === ' ' && !isTyped(event)) event.preventDefault()
  },
  { capture: true },
)
addEventListener('pointerdown', () => sound.allow())
addEventListener('resize', () => curve.resize(document.getElementById('curve')))

/** Before a session a blank can be typed into a field; in one there is no field. */
const isTyped = ({ key, target }: KeyboardEvent): boolean =>
  key === ' ' && room.session === undefined && target instanceof HTMLInputElement && target.type === 'text'

setInterval(() => {
  const now = performance.now()
  sound.play(audible(latched, now < pausedUntil), now)
  if (wasFresh !== isFresh(now)) soon()
}, LOOK_MS)

speak(language)
document.title = say('title')
if (!(await enter())) problem = say('notAdmitted')
channel.open()
soon()
