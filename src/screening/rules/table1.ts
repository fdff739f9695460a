import { all, any, atLeast, below, type Condition, from, is, not, yes } from '../logic.ts'
import { ASK_A_DOCTOR, CLOSER_WATCH, GENTLE, NOTHING, type Rule } from '../rule.ts'
import { POLICY, point, SECTION_II, sectionI, table1, withPolicy } from '../sources.ts'

const TEST = 'An exercise tolerance test that a doctor judges as passed.'
const unpassed = (condition: Condition): Condition => all(condition, not(is('exercise_tolerance_test', 'passed')))
const testFirst = (id: string, condition: Condition, reason: string, source: string): Rule => ({
  id,
  when: unpassed(condition),
  effect: { do: 'test' },
  reason,
  source,
  lift: TEST,
})
const LIFESTYLE = { effect: { do: 'notice' }, source: table1('lifestyle habits'), lift: 'Lifestyle guidance.' } as const
const toOrthopaedist = (id: string, answer: string, reason: string, source: string): Rule => ({
  id,
  when: all(yes(answer), not(is('orthopaedist', 'cleared'))),
  effect: { do: 'clinician' },
  reason,
  source,
  lift: 'An orthopaedist examines it and clears the training.',
})

/** Table 1: what calls for an exercise tolerance test, and what for an orthopaedist. */
export const TABLE_1: readonly Rule[] = [
  testFirst(
    'T1-CHEST',
    yes('chest_symptoms'),
    'Chest pain or discomfort, palpitation or shortness of breath.',
    table1('subjective symptoms'),
  ),
  testFirst(
    'T1-DIZZY',
    yes('dizziness_fainting_claudication'),
    'Dizziness, fainting, or pain in the calves on walking.',
    table1('subjective symptoms'),
  ),
  testFirst(
    'T1-HEART',
    any(yes('cardiovascular_disease'), yes('atrial_fibrillation_or_heart_failure')),
    'A disease of heart or vessels.',
    table1('cardiovascular disease'),
  ),
  {
    id: 'T1-HEART-WATCH',
    when: yes('cardiovascular_disease'),
    effect: { do: 'restrict', limits: { ...CLOSER_WATCH, ...GENTLE } },
    reason: 'With a disease of heart or vessels the pressure stays low, and the watch close.',
    source: withPolicy(`${point(6)}; ${sectionI('1, brain hemorrhage')}`, 'the limits'),
    lift: NOTHING,
  },
  testFirst(
    'T1-FAMILY-MALE',
    not(any(is('relative_male_event_age_years', 'never'), atLeast('relative_male_event_age_years', 56))),
    'Father, brother or son: heart attack, coronary stent or operation, or sudden death at 55 or younger.',
    withPolicy('Table 1, note on family history', '55 itself counts'),
  ),
  testFirst(
    'T1-FAMILY-FEMALE',
    not(any(is('relative_female_event_age_years', 'never'), atLeast('relative_female_event_age_years', 66))),
    'Mother, sister or daughter: heart attack, coronary stent or operation, or sudden death at 65 or younger.',
    withPolicy('Table 1, note on family history', '65 itself counts'),
  ),
  testFirst(
    'T1-ECG-INFARCTION',
    yes('ecg_infarction'),
    'The resting ECG shows a myocardial infarction.',
    table1('resting electrocardiogram'),
  ),
  testFirst(
    'T1-ECG-ST-T',
    yes('ecg_st_t'),
    'The resting ECG shows an abnormal ST-T segment.',
    table1('resting electrocardiogram'),
  ),
  testFirst(
    'T1-ECG-ARRHYTHMIA',
    yes('ecg_ventricular_arrhythmia'),
    'The resting ECG shows a ventricular arrhythmia.',
    table1('resting electrocardiogram'),
  ),
  testFirst(
    'T1-ECG-OTHER',
    yes('ecg_other'),
    'The resting ECG shows something else of importance.',
    table1('resting electrocardiogram'),
  ),
  {
    id: 'T1-TEST-FAILED',
    when: is('exercise_tolerance_test', 'not passed'),
    effect: { do: 'refuse' },
    reason: 'An exercise tolerance test was not passed.',
    source: withPolicy(point('7.1'), 'a test that was not passed speaks against exercise'),
    lift: TEST,
  },
  toOrthopaedist(
    'T1-SPINE',
    'spine_joint_symptoms',
    'Symptoms of the spine or of joints.',
    table1('subjective symptoms'),
  ),
  toOrthopaedist('T1-ORTHOPAEDIC', 'orthopaedic_disorder', 'An orthopaedic disorder.', table1('orthopedic disorder')),
  { id: 'T1-SMOKING', when: yes('smoking'), reason: 'Smoking.', ...LIFESTYLE },
  { id: 'T1-ALCOHOL', when: yes('alcohol'), reason: 'Alcohol every day.', ...LIFESTYLE },
  { id: 'T1-DIET', when: yes('diet'), reason: 'A diet that a doctor advised against.', ...LIFESTYLE },
  {
    id: 'T1-NO-ECG',
    when: is('ecg_taken', 'no'),
    effect: { do: 'notice' },
    reason: 'There is no resting ECG; the paper asks for one where possible.',
    source: table1('resting electrocardiogram'),
    lift: 'A resting ECG.',
  },
]

/** Who the person is. */
export const PEOPLE: readonly Rule[] = [
  {
    id: 'AGE-FLOOR',
    when: below('age_years', 14),
    effect: { do: 'refuse' },
    reason: 'Younger than 14.',
    source: 'KAATSU Specialist 2022 (the maker), age floor',
    lift: NOTHING,
  },
  {
    id: 'AGE-MINOR',
    when: from('age_years', 14, 18),
    effect: { do: 'restrict', limits: GENTLE },
    reason: 'Not grown up: the pressure stays low, and rises slowly.',
    source: POLICY,
    lift: NOTHING,
  },
  {
    id: 'AGE-OLDER',
    when: atLeast('age_years', 59),
    effect: { do: 'restrict', limits: CLOSER_WATCH },
    reason: 'Older people often have a thrombosis that nobody knows of: closer watch.',
    source: withPolicy(point('7.8'), 'from 59 years on, and the limits'),
    lift: NOTHING,
  },
  {
    id: 'NEW-TO-EXERCISE',
    when: is('training_history', 'not at all'),
    effect: { do: 'restrict', limits: GENTLE },
    reason: 'The vessels of people who take no exercise are not used to this: low pressure, slow progression.',
    source: withPolicy(sectionI('6, people who take no exercise'), 'the limits'),
    lift: 'Regular exercise.',
  },
  {
    id: 'NEW-TO-KAATSU',
    when: is('kaatsu_before', 'no'),
    effect: { do: 'notice' },
    reason: 'First session: petechiae come mostly at the beginning, and on the arms; explain them with special care.',
    source: `${point(3)}; ${point(4)}`,
    lift: 'Sessions that went well.',
  },
  {
    id: 'SYNCOPE',
    when: yes('reflex_syncope'),
    effect: { do: 'restrict', limits: CLOSER_WATCH },
    reason: 'Faints easily: drink before, watch for the signs, lie or sit safely.',
    source: withPolicy(`${point('7.7')}; ${SECTION_II}, neurally-mediated syncope`, 'the limits'),
    lift: NOTHING,
  },
  {
    id: 'OTHER-DISEASE',
    when: yes('other_disease'),
    effect: { do: 'clinician' },
    reason: 'Another disease under treatment, which these rules do not know.',
    source: `${SECTION_II}; ${point('7.13')}`,
    lift: ASK_A_DOCTOR,
  },
  {
    id: 'EXERCISE-CONTRAINDICATED',
    when: yes('exercise_contraindicated'),
    effect: { do: 'refuse' },
    reason: 'A doctor has advised against ordinary exercise.',
    source: point('7.1'),
    lift: 'The doctor takes the advice back.',
  },
]
