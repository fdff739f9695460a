import { all, any, atLeast, type Condition, from, is, not, yes } from '../logic.ts'
import { ASK_A_DOCTOR, CAREFUL, type Effect, NOTHING, type Rule, WEAK_HEART } from '../rule.ts'
import { point, SECTION_III, sectionI, withPolicy } from '../sources.ts'

const P5 = point(5)
const REFUSE = { do: 'refuse' } as const
const CLINICIAN = { do: 'clinician', limits: CAREFUL } as const
const NOTICE = { do: 'notice' } as const

const item = (
  id: string,
  points: number,
  when: Condition,
  effect: Effect,
  reason: string,
  source = P5,
  lift = effect.do === 'clinician' ? ASK_A_DOCTOR : NOTHING,
): Rule => ({ id, points, when, effect, reason, source, lift })

/** Point 5: the items, with their points. */
const ITEMS: readonly Rule[] = [
  item('P5-DVT', 5, yes('dvt_history'), REFUSE, 'Has had a deep-vein thrombosis.', `${P5}; ${point('7.3')}`),
  item('P5-HEREDITARY', 5, yes('hereditary_thrombophilia'), REFUSE, 'An inherited tendency to thrombosis.'),
  item('P5-ANTIPHOSPHOLIPID', 5, yes('antiphospholipid'), REFUSE, 'An antiphospholipid antibody syndrome.'),
  item(
    'P4-PREGNANT',
    4,
    is('pregnancy', 'pregnant'),
    REFUSE,
    'Pregnant: training is not given.',
    withPolicy(`${P5}; ${SECTION_III}`, 'at any stage'),
  ),
  item(
    'P4-AFTER-BIRTH',
    4,
    is('pregnancy', 'after birth', 'after caesarean'),
    REFUSE,
    'After a birth, when thrombosis is more frequent than in pregnancy.',
    withPolicy(
      sectionI('5, venous thrombosis'),
      'scored as pregnancy, until a clinician says that it no longer counts',
    ),
    'A clinician says that it no longer counts, and the question is answered anew.',
  ),
  item(
    'P3-VARICOSE',
    3,
    yes('varicose_veins_legs'),
    CLINICIAN,
    'Varicose veins of the legs: no reports, and a review is needed.',
    withPolicy(`${P5}; ${SECTION_III}`, 'the limits'),
  ),
  item(
    'P3-IMMOBILE',
    3,
    any(yes('prolonged_immobility'), yes('bedridden')),
    CLINICIAN,
    'Immobile for a long time, or bedridden.',
    withPolicy(`${P5}; ${point('7.8')}`, 'any long immobility counts; the limits'),
  ),
  item(
    'P3-HEART',
    3,
    yes('atrial_fibrillation_or_heart_failure'),
    { do: 'clinician', limits: WEAK_HEART },
    'Atrial fibrillation or heart failure: with a doctor, under close supervision, arms only, one side, at low pressure.',
    withPolicy(`${P5}; ${point(6)}; ${SECTION_III}`, 'all of the named measures at once, and their numbers'),
  ),
  item(
    'P2-AGE',
    2,
    atLeast('age_years', 59),
    NOTICE,
    '59 years or older.',
    withPolicy(P5, '59 and 60 themselves count'),
  ),
  item(
    'P2-BMI',
    2,
    atLeast('bmi', 30),
    NOTICE,
    'A body mass index of 30 or more.',
    withPolicy(P5, '30.0 itself counts'),
  ),
  item(
    'P2-LIPIDS',
    2,
    any(yes('hyperlipidaemia'), atLeast('total_cholesterol', 220), atLeast('triglycerides', 150)),
    NOTICE,
    'Hyperlipidaemia, diagnosed or measured.',
    withPolicy(P5, 'the paper gives no cut-off; the values from which Table 2 speaks of it count'),
  ),
  item(
    'P2-MALIGNANCY',
    2,
    yes('malignancy'),
    NOTICE,
    'A malignant disease, now or in the past.',
    withPolicy(P5, 'past ones count'),
  ),
  item(
    'P2-TOURNIQUET',
    2,
    any(yes('lower_limb_tourniquet'), yes('legs_wanted')),
    NOTICE,
    'A tourniquet on a leg; a cuff on a leg counts as one.',
    withPolicy(
      P5,
      'whether a KAATSU cuff on a leg counts is an open question; it counts until a clinician says otherwise',
    ),
  ),
  item('P2-MEDICINE', 2, yes('contraceptives_or_steroids'), NOTICE, 'Oral contraceptives or adrenocortical steroids.'),
  item('P2-QUADRIPLEGIA', 2, yes('quadriplegia'), NOTICE, 'Quadriplegia.'),
  item('P2-HAEMOGLOBIN', 2, yes('high_haemoglobin'), NOTICE, 'A high haemoglobin level.'),
  item('P1-AGE', 1, from('age_years', 40, 59), NOTICE, '40 to 58 years old.'),
  item(
    'P1-WOMAN',
    1,
    any(is('sex_at_birth', 'female'), yes('hormone_therapy')),
    NOTICE,
    'Woman, or takes sex hormones.',
    withPolicy(P5, 'hormones count too'),
  ),
  item(
    'P1-BMI',
    1,
    from('bmi', 25, 30),
    NOTICE,
    'A body mass index of 25.0 to 29.9.',
    withPolicy(P5, '25.0 itself counts'),
  ),
]

export const POINTS: readonly Rule[] = [
  ...ITEMS,
  {
    id: 'SUM-5',
    when: atLeast('points', 5),
    effect: REFUSE,
    reason: 'Five points or more in all.',
    source: withPolicy(P5, 'the paper gives no total at which points bar training'),
    lift: 'Fewer points.',
  },
  {
    id: 'SUM-3',
    when: from('points', 3, 5),
    effect: CLINICIAN,
    reason: 'Three or four points in all.',
    source: withPolicy(P5, 'the paper gives no total at which points bar training; the limits'),
    lift: ASK_A_DOCTOR,
  },
]

/** Circulation and blood, besides the points. */
export const CIRCULATION: readonly Rule[] = [
  {
    id: 'UNSTABLE',
    when: yes('haemodynamically_unstable'),
    effect: REFUSE,
    reason: 'The circulation is unstable.',
    source: withPolicy(`${point(6)}; ${point('7.2')}`, 'of "not provided" and "expert advice" the first'),
    lift: 'A stable circulation.',
  },
  {
    id: 'THROMBOSIS-SUSPECTED',
    when: all(yes('thrombosis_suspected'), not(is('thrombosis_ultrasound', 'cleared'))),
    effect: REFUSE,
    reason: 'A thrombosis is suspected.',
    source: withPolicy(
      `${sectionI('5, venous thrombosis')}; ${point('7.3')}`,
      '"echocardiography" is read as any ultrasound that a doctor judges',
    ),
    lift: 'A vascular ultrasound that a doctor judges as clear.',
  },
  {
    id: 'BEDRIDDEN',
    when: yes('bedridden'),
    effect: CLINICIAN,
    reason: 'Bedridden: often there is a thrombosis before the training.',
    source: withPolicy(`${point('7.8')}; ${SECTION_III}`, 'the limits'),
    lift: ASK_A_DOCTOR,
  },
  {
    id: 'SURGERY',
    when: yes('recent_surgery'),
    effect: CLINICIAN,
    reason: 'Early after an operation extreme caution is needed.',
    source: withPolicy(`${point('7.8')}; ${SECTION_III}`, 'left to a clinician; the limits'),
    lift: ASK_A_DOCTOR,
  },
  {
    id: 'ANTICOAGULANTS',
    when: yes('anticoagulants'),
    effect: NOTICE,
    reason: 'Takes anticoagulants: no bar in itself; watch for bleeding under the skin.',
    source: point(4),
    lift: NOTHING,
  },
  {
    id: 'ANTICOAGULANTS-SERIOUS',
    when: yes('anticoagulant_condition_serious'),
    effect: { do: 'clinician' },
    reason: 'Takes anticoagulants for a serious condition.',
    source: withPolicy(point(4), '"serious" has no threshold: a clinician decides'),
    lift: ASK_A_DOCTOR,
  },
  {
    id: 'VIBRATION',
    when: yes('vibration_with_medication'),
    effect: { do: 'restrict', limits: { step_up_max_mmHg: 10 } },
    reason: 'A vibration machine together with medicine: bleeding under the skin became worse in one case.',
    source: withPolicy(point(4), 'the limit'),
    lift: 'No vibration machine.',
  },
  {
    id: 'PURPURA',
    when: all(yes('purpura_or_low_platelets'), not(is('dermatologist', 'cleared'))),
    effect: { do: 'clinician' },
    reason: 'Purpura, or a lack of platelets.',
    source: sectionI('2, petechial hemorrhage'),
    lift: 'A dermatologist examines it and clears the training.',
  },
  {
    id: 'VENOUS-INJURY',
    when: all(not(is('venous_injury_weeks_ago', 'never')), not(atLeast('venous_injury_weeks_ago', 9))),
    effect: REFUSE,
    reason: 'A vein was injured under a cuff less than nine weeks ago.',
    source: withPolicy(
      sectionI('6, venous injury and induration'),
      'one to two months are read as two, rounded up to nine weeks',
    ),
    lift: 'Nine weeks without training.',
  },
]

const RHABDO = sectionI('3, rhabdomyolysis')

/** How it is today. */
export const TODAY: readonly Rule[] = [
  {
    id: 'ILL',
    when: yes('ill_today'),
    effect: REFUSE,
    reason: 'Ill, or unwell, today.',
    source: `${point('7.12')}; ${RHABDO}`,
    lift: 'Another day.',
  },
  {
    id: 'DEHYDRATED',
    when: yes('dehydrated'),
    effect: REFUSE,
    reason: 'Has drunk too little, or lost fluid.',
    source: `${RHABDO}; ${point('7.7')}`,
    lift: 'Fluids, and time.',
  },
  {
    id: 'HEAT',
    when: all(yes('hot_and_humid'), not(yes('electrolytes_at_hand'))),
    effect: REFUSE,
    reason: 'Hot and humid, without fluids and electrolytes at hand.',
    source: RHABDO,
    lift: 'Fluids with electrolytes, or a cooler room.',
  },
  {
    id: 'HEAT-AND-HARD',
    when: all(yes('hot_and_humid'), yes('hard_training_lately')),
    effect: REFUSE,
    reason: 'Hard training in a row, in heat and humidity.',
    source: RHABDO,
    lift: 'A rest of two days, or a cooler room.',
  },
  {
    id: 'HARD',
    when: yes('hard_training_lately'),
    effect: { do: 'restrict', limits: { session_max_ms: CAREFUL.session_max_ms! } },
    reason: 'Hard training in the last two days: a short session.',
    source: withPolicy(RHABDO, 'the limit'),
    lift: 'A rest of two days.',
  },
  {
    id: 'WRONG-LIMBS',
    when: yes('arms_and_legs_wanted'),
    effect: NOTICE,
    reason: 'Arms and legs are never trained in the same session.',
    source: withPolicy(point('7.11'), 'the paper gives no time for both together'),
    lift: NOTHING,
  },
]
