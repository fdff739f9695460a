import { describe, expect, test } from 'vitest'
import { DERIVED } from '../../src/screening/facts.ts'
import type { Answers } from '../../src/screening/intake.ts'
import type { Condition } from '../../src/screening/logic.ts'
import { QUESTIONS } from '../../src/screening/questions/index.ts'
import { RULES } from '../../src/screening/rules/index.ts'
import { judged, minutesAgo, verdictOf } from './help.ts'

const LEGS = ['left-leg'] as const
const mg = (value: number) => ({ value, unit: 'mg/dl' })
const mmol = (value: number) => ({ value, unit: 'mmol/l' })
/** Height and weight with that body mass index. */
const bmi = (value: number): Answers => ({ height_cm: 200, weight_kg: Math.round(value * 4 * 1000) / 1000 })
const woman: Answers = { sex_at_birth: 'female', pregnancy: 'no' }
const ECG: Answers = { ecg_taken: 'yes' }
const TREATED = {
  hypertension: 'yes',
  hypertension_treated: 'yes',
  ctr_percent: 45,
  urinary_protein_mg_dl: 5,
  fundus: 'none',
}
const SUGAR = {
  diabetes: 'yes',
  diabetes_treated: 'yes',
  glucose_fasting: mg(100),
  urinary_ketones: 'negative',
  retinopathy: 'no',
}
const FAT = {
  hyperlipidaemia: 'yes',
  hyperlipidaemia_treated: 'yes',
  total_cholesterol: mg(180),
  triglycerides: mg(100),
}

type Case = readonly [
  fires: readonly Answers[],
  silent: readonly Answers[],
  limbs?: readonly ('left-leg' | 'left-arm')[],
]

const yesNo = (id: string, more: Answers = {}): Case => [[{ ...more, [id]: 'yes' }], [{ ...more, [id]: 'no' }]]
const testFirst = (answers: readonly Answers[], silent: readonly Answers[]): Case => [
  answers.flatMap(one => [
    { ...one, exercise_tolerance_test: 'not done' },
    { ...one, exercise_tolerance_test: 'not passed' },
  ]),
  [...silent, ...answers.map(one => ({ ...one, exercise_tolerance_test: 'passed' }))],
]

/** For each rule: answers with which it fires, and answers at the other side of each of its boundaries. */
const CASES: Record<string, Case> = {
  ILL: yesNo('ill_today'),
  DEHYDRATED: yesNo('dehydrated'),
  HEAT: [
    [{ hot_and_humid: 'yes', electrolytes_at_hand: 'no' }],
    [{ hot_and_humid: 'yes', electrolytes_at_hand: 'yes' }, { hot_and_humid: 'no' }],
  ],
  'HEAT-AND-HARD': [
    [{ hot_and_humid: 'yes', electrolytes_at_hand: 'yes', hard_training_lately: 'yes' }],
    [{ hot_and_humid: 'yes', electrolytes_at_hand: 'yes' }, { hard_training_lately: 'yes' }],
  ],
  HARD: yesNo('hard_training_lately'),
  'WRONG-LIMBS': [[{}], [], ['left-arm', 'left-leg']],
  UNSTABLE: yesNo('haemodynamically_unstable'),
  'THROMBOSIS-SUSPECTED': [
    [
      { thrombosis_suspected: 'yes', thrombosis_ultrasound: 'not done' },
      { thrombosis_suspected: 'yes', thrombosis_ultrasound: 'not cleared' },
    ],
    [{ thrombosis_suspected: 'yes', thrombosis_ultrasound: 'cleared' }, {}],
  ],
  BEDRIDDEN: yesNo('bedridden'),
  SURGERY: yesNo('recent_surgery'),
  ANTICOAGULANTS: yesNo('anticoagulants', { anticoagulant_condition_serious: 'no' }),
  'ANTICOAGULANTS-SERIOUS': yesNo('anticoagulant_condition_serious', { anticoagulants: 'yes' }),
  VIBRATION: yesNo('vibration_with_medication'),
  PURPURA: [
    [
      { purpura_or_low_platelets: 'yes', dermatologist: 'not done' },
      { purpura_or_low_platelets: 'yes', dermatologist: 'not cleared' },
    ],
    [{ purpura_or_low_platelets: 'yes', dermatologist: 'cleared' }, {}],
  ],
  'VENOUS-INJURY': [
    [0, 8, 8.9].map(venous_injury_weeks_ago => ({ venous_injury_weeks_ago })),
    [9, 10, 'never'].map(venous_injury_weeks_ago => ({ venous_injury_weeks_ago })),
  ],
  'P5-DVT': yesNo('dvt_history'),
  'P5-HEREDITARY': yesNo('hereditary_thrombophilia'),
  'P5-ANTIPHOSPHOLIPID': yesNo('antiphospholipid'),
  'P4-PREGNANT': [[{ ...woman, pregnancy: 'pregnant' }], [woman, { ...woman, pregnancy: 'after birth' }]],
  'P4-AFTER-BIRTH': [
    [
      { ...woman, pregnancy: 'after birth' },
      { ...woman, pregnancy: 'after caesarean' },
    ],
    [woman],
  ],
  'P3-VARICOSE': yesNo('varicose_veins_legs'),
  'P3-IMMOBILE': [[{ prolonged_immobility: 'yes' }, { bedridden: 'yes' }], [{}]],
  'P3-HEART': yesNo('atrial_fibrillation_or_heart_failure'),
  'P2-AGE': [[59, 60, 61, 90].map(age_years => ({ age_years })), [58, 40].map(age_years => ({ age_years }))],
  'P2-BMI': [[bmi(30), bmi(30.1)], [bmi(29.9)]],
  'P2-LIPIDS': [
    [
      { hyperlipidaemia: 'yes', hyperlipidaemia_treated: 'no' },
      { total_cholesterol: mg(220) },
      { triglycerides: mg(150) },
    ],
    [{ total_cholesterol: mg(219), triglycerides: mg(149) }, { total_cholesterol: 'not measured' }],
  ],
  'P2-MALIGNANCY': yesNo('malignancy'),
  'P2-TOURNIQUET': [[{ lower_limb_tourniquet: 'yes' }], [{}]],
  'P2-MEDICINE': yesNo('contraceptives_or_steroids'),
  'P2-QUADRIPLEGIA': yesNo('quadriplegia'),
  'P2-HAEMOGLOBIN': yesNo('high_haemoglobin'),
  'P1-AGE': [[40, 41, 58].map(age_years => ({ age_years })), [39, 59].map(age_years => ({ age_years }))],
  'P1-WOMAN': [[woman, { hormone_therapy: 'yes' }], [{}]],
  'P1-BMI': [
    [bmi(25), bmi(25.1), bmi(29.9)],
    [bmi(24.9), bmi(30)],
  ],
  'SUM-5': [
    [
      { malignancy: 'yes', quadriplegia: 'yes', age_years: 40 },
      { malignancy: 'yes', quadriplegia: 'yes', high_haemoglobin: 'yes' },
    ],
    [{ malignancy: 'yes', quadriplegia: 'yes' }],
  ],
  'SUM-3': [
    [
      { malignancy: 'yes', age_years: 40 },
      { malignancy: 'yes', quadriplegia: 'yes' },
    ],
    [{ malignancy: 'yes' }, { malignancy: 'yes', quadriplegia: 'yes', age_years: 40 }],
  ],
  'BP-180': [
    [{ systolic_mmHg: 180 }, { systolic_mmHg: 181 }, { diastolic_mmHg: 100 }, { diastolic_mmHg: 101 }],
    [{ systolic_mmHg: 179 }, { diastolic_mmHg: 99 }],
  ],
  'BP-160': [
    [
      { systolic_mmHg: 160 },
      { systolic_mmHg: 161 },
      { systolic_mmHg: 179 },
      { diastolic_mmHg: 95 },
      { diastolic_mmHg: 99 },
    ],
    [{ systolic_mmHg: 159 }, { diastolic_mmHg: 94 }, { systolic_mmHg: 180 }, { diastolic_mmHg: 100 }],
  ],
  'BP-140': [
    [{ systolic_mmHg: 140 }, { systolic_mmHg: 159 }, { diastolic_mmHg: 90 }, { diastolic_mmHg: 94 }],
    [{ systolic_mmHg: 139 }, { diastolic_mmHg: 89 }, { systolic_mmHg: 160 }, { diastolic_mmHg: 95 }],
  ],
  'BP-FLOOR': [[{ systolic_mmHg: 94 }], [{ systolic_mmHg: 95 }, { systolic_mmHg: 96 }]],
  'BP-AGE': [
    [{ blood_pressure_at: minutesAgo(120) }, { blood_pressure_at: minutesAgo(121) }],
    [{ blood_pressure_at: minutesAgo(119) }, { blood_pressure_at: minutesAgo(0) }],
  ],
  'BP-KNOWN': yesNo('hypertension', { hypertension_treated: 'no' }),
  'BP-TREATED': testFirst(
    [
      { ...TREATED, age_years: 40 },
      { ...TREATED, ...woman, age_years: 50 },
    ],
    [
      { ...TREATED, age_years: 39 },
      { ...TREATED, ...woman, age_years: 49 },
      { ...TREATED, age_years: 40, hypertension_treated: 'no' },
    ],
  ),
  'BP-CTR': [
    [{ ctr_percent: 55 }, { ctr_percent: 55.1 }],
    [{ ctr_percent: 54.9 }, { ctr_percent: 'not measured' }],
  ],
  'BP-ECG': testFirst([{ ...ECG, ecg_life_threatening_or_ischaemic: 'yes' }], [{}]),
  'BP-PROTEIN': [
    [{ urinary_protein_mg_dl: 100 }, { urinary_protein_mg_dl: 101 }],
    [{ urinary_protein_mg_dl: 99 }, { urinary_protein_mg_dl: 'not measured' }],
  ],
  'BP-FUNDUS': [
    [{ fundus: 'IIb' }, { fundus: 'III' }, { fundus: 'IV' }],
    [{ fundus: 'IIa' }, { fundus: 'I' }, { fundus: 'none' }, { fundus: 'not measured' }],
  ],
  'BP-ECG-UNSEEN': [
    [
      { ...TREATED, ecg_taken: 'no', ...noEcg() },
      { systolic_mmHg: 140, ecg_taken: 'no', ...noEcg() },
    ],
    [TREATED, { systolic_mmHg: 139, ecg_taken: 'no', ...noEcg() }],
  ],
  'BP-CTR-UNSEEN': [
    [{ ...TREATED, ctr_percent: 'not measured' }, { systolic_mmHg: 140 }, { diastolic_mmHg: 90 }],
    [TREATED, { systolic_mmHg: 139, diastolic_mmHg: 89 }],
  ],
  'BP-PROTEIN-UNSEEN': [
    [{ ...TREATED, urinary_protein_mg_dl: 'not measured' }, { systolic_mmHg: 140 }],
    [TREATED, { systolic_mmHg: 139 }],
  ],
  'BP-FUNDUS-UNSEEN': [
    [{ ...TREATED, fundus: 'not measured' }, { systolic_mmHg: 140 }],
    [TREATED, { systolic_mmHg: 139 }],
  ],
  'DM-250': [
    [{ glucose_fasting: mg(250) }, { glucose_fasting: mg(251) }, { glucose_fasting: mmol(13.9) }],
    [{ glucose_fasting: mg(249) }, { glucose_fasting: mmol(13.8) }, { glucose_fasting: 'not measured' }],
  ],
  'DM-140': [
    [{ glucose_fasting: mg(140) }, { glucose_fasting: mg(249) }, { glucose_fasting: mmol(7.8) }],
    [{ glucose_fasting: mg(139) }, { glucose_fasting: mg(250) }, { glucose_fasting: mmol(7.7) }],
  ],
  'DM-110': [
    [{ glucose_fasting: mg(110) }, { glucose_fasting: mg(139) }, { glucose_fasting: mmol(6.1) }],
    [{ glucose_fasting: mg(109) }, { glucose_fasting: mg(140) }, { glucose_fasting: mmol(6) }],
  ],
  'DM-KETONES': [
    [{ urinary_ketones: 'positive' }],
    [{ urinary_ketones: 'negative' }, { urinary_ketones: 'not measured' }],
  ],
  'DM-RETINOPATHY': [[{ ...SUGAR, retinopathy: 'yes' }], [SUGAR, {}]],
  'DM-TREATED': testFirst(
    [
      { ...SUGAR, age_years: 40 },
      { ...SUGAR, ...woman, age_years: 50 },
    ],
    [
      { ...SUGAR, age_years: 39 },
      { ...SUGAR, ...woman, age_years: 49 },
      { ...SUGAR, age_years: 40, diabetes_treated: 'no' },
    ],
  ),
  'DM-GLUCOSE-UNSEEN': [[{ ...SUGAR, glucose_fasting: 'not measured' }], [SUGAR, { glucose_fasting: 'not measured' }]],
  'DM-KETONES-UNSEEN': [
    [
      { ...SUGAR, urinary_ketones: 'not measured' },
      { glucose_fasting: mg(140), urinary_ketones: 'not measured', retinopathy: 'no' },
    ],
    [SUGAR, { glucose_fasting: mg(139), urinary_ketones: 'not measured' }],
  ],
  'DM-RETINA-UNSEEN': [
    [
      { ...SUGAR, retinopathy: 'not measured' },
      { glucose_fasting: mg(140), urinary_ketones: 'negative', retinopathy: 'not measured' },
    ],
    [SUGAR, { glucose_fasting: mg(139) }],
  ],
  'HL-250': [
    [
      { total_cholesterol: mg(250) },
      { total_cholesterol: mmol(6.47) },
      { triglycerides: mg(300) },
      { triglycerides: mmol(3.39) },
    ],
    [{ total_cholesterol: mg(249) }, { total_cholesterol: mmol(6.4) }, { triglycerides: mg(299) }],
  ],
  'HL-220': [
    [
      { total_cholesterol: mg(220) },
      { total_cholesterol: mg(249) },
      { triglycerides: mg(150) },
      { triglycerides: mg(299) },
    ],
    [
      { total_cholesterol: mg(219) },
      { total_cholesterol: mg(250) },
      { triglycerides: mg(149) },
      { triglycerides: mg(300) },
    ],
  ],
  'HL-TREATED': testFirst(
    [
      { ...FAT, age_years: 40 },
      { ...FAT, ...woman, age_years: 50 },
    ],
    [
      { ...FAT, age_years: 39 },
      { ...FAT, ...woman, age_years: 49 },
      { ...FAT, age_years: 40, hyperlipidaemia_treated: 'no' },
    ],
  ),
  'HL-UNSEEN': [
    [
      { ...FAT, total_cholesterol: 'not measured' },
      { ...FAT, triglycerides: 'not measured' },
    ],
    [FAT, {}],
  ],
  'OB-30': [[bmi(30), bmi(30.1)], [bmi(29.9)]],
  'OB-30-HEART': testFirst([bmi(30), bmi(30.1)], [bmi(29.9)]),
  'OB-24': [
    [bmi(24), bmi(29.9)],
    [bmi(23.9), bmi(30)],
  ],
  'OB-JOINT': [
    [
      { ...bmi(24), leg_joint_damage: 'yes', orthopaedist: 'not done' },
      { ...bmi(31), leg_joint_damage: 'yes', orthopaedist: 'not cleared' },
    ],
    [
      { ...bmi(23.9), leg_joint_damage: 'yes', orthopaedist: 'not done' },
      { ...bmi(24), leg_joint_damage: 'yes', orthopaedist: 'cleared' },
      bmi(24),
    ],
  ],
  'OB-JOINT-WATCH': [
    [{ ...bmi(24), leg_joint_damage: 'yes', orthopaedist: 'cleared' }],
    [{ ...bmi(23.9), leg_joint_damage: 'yes', orthopaedist: 'cleared' }, bmi(24)],
  ],
  'T1-CHEST': testFirst([{ chest_symptoms: 'yes' }], [{}]),
  'T1-DIZZY': testFirst([{ dizziness_fainting_claudication: 'yes' }], [{}]),
  'T1-HEART': testFirst([{ cardiovascular_disease: 'yes' }, { atrial_fibrillation_or_heart_failure: 'yes' }], [{}]),
  'T1-HEART-WATCH': yesNo('cardiovascular_disease'),
  'T1-FAMILY-MALE': testFirst(
    [{ relative_male_event_age_years: 54 }, { relative_male_event_age_years: 55 }],
    [{ relative_male_event_age_years: 56 }, { relative_male_event_age_years: 'never' }],
  ),
  'T1-FAMILY-FEMALE': testFirst(
    [{ relative_female_event_age_years: 64 }, { relative_female_event_age_years: 65 }],
    [{ relative_female_event_age_years: 66 }, { relative_female_event_age_years: 'never' }],
  ),
  'T1-ECG-INFARCTION': testFirst([{ ...ECG, ecg_infarction: 'yes' }], [{}]),
  'T1-ECG-ST-T': testFirst([{ ...ECG, ecg_st_t: 'yes' }], [{}]),
  'T1-ECG-ARRHYTHMIA': testFirst([{ ...ECG, ecg_ventricular_arrhythmia: 'yes' }], [{}]),
  'T1-ECG-OTHER': testFirst([{ ...ECG, ecg_other: 'yes' }], [{}]),
  'T1-TEST-FAILED': [
    [{ exercise_tolerance_test: 'not passed' }],
    [{ exercise_tolerance_test: 'passed' }, { exercise_tolerance_test: 'not done' }],
  ],
  'T1-SPINE': [
    [
      { spine_joint_symptoms: 'yes', orthopaedist: 'not done' },
      { spine_joint_symptoms: 'yes', orthopaedist: 'not cleared' },
    ],
    [{ spine_joint_symptoms: 'yes', orthopaedist: 'cleared' }, {}],
  ],
  'T1-ORTHOPAEDIC': [
    [{ orthopaedic_disorder: 'yes', orthopaedist: 'not done' }],
    [{ orthopaedic_disorder: 'yes', orthopaedist: 'cleared' }, {}],
  ],
  'T1-SMOKING': yesNo('smoking'),
  'T1-ALCOHOL': yesNo('alcohol'),
  'T1-DIET': yesNo('diet'),
  'T1-NO-ECG': [[{ ecg_taken: 'no', ...noEcg() }], [ECG]],
  'AGE-FLOOR': [[{ age_years: 13 }, { age_years: 0 }], [{ age_years: 14 }]],
  'AGE-MINOR': [
    [{ age_years: 14 }, { age_years: 17 }],
    [{ age_years: 13 }, { age_years: 18 }],
  ],
  'AGE-OLDER': [[{ age_years: 59 }, { age_years: 90 }], [{ age_years: 58 }]],
  'NEW-TO-EXERCISE': [
    [{ training_history: 'not at all' }],
    [{ training_history: 'sometimes' }, { training_history: 'regularly' }],
  ],
  'NEW-TO-KAATSU': [[{ kaatsu_before: 'no' }], [{ kaatsu_before: 'yes' }]],
  SYNCOPE: yesNo('reflex_syncope'),
  'OTHER-DISEASE': yesNo('other_disease'),
  'EXERCISE-CONTRAINDICATED': yesNo('exercise_contraindicated'),
}

function noEcg(): Answers {
  const findings = ['infarction', 'st_t', 'ventricular_arrhythmia', 'life_threatening_or_ischaemic', 'other']
  return Object.fromEntries(findings.map(finding => [`ecg_${finding}`, undefined]))
}

const table = RULES.map((rule): [string, ...Case] => [rule.id, ...(CASES[rule.id] ?? ([[], []] as const))])

describe('REQ-SCREEN-RULES: each rule fires at and beyond its boundary, and not before it', () => {
  test('every rule stands in this table, and the table knows no other', () => {
    expect(Object.keys(CASES).sort()).toEqual(RULES.map(rule => rule.id).sort())
    expect(table.every(([, fires]) => fires.length > 0)).toBe(true)
  })

  test.each(table)('%s', (id, fires, silent, limbs) => {
    for (const answers of fires) expect([answers, verdictOf(id, answers, limbs)]).toEqual([answers, 'fires'])
    for (const answers of silent) expect([answers, verdictOf(id, answers, limbs)]).toEqual([answers, 'silent'])
  })
})

/** The questions behind a condition. */
function questionsIn(condition: Condition): string[] {
  if ('is' in condition) return DERIVED[condition.is]?.slice() ?? [condition.is]
  if ('atLeast' in condition) return DERIVED[condition.atLeast]?.slice() ?? [condition.atLeast]
  if ('not' in condition) return questionsIn(condition.not)
  return ('all' in condition ? condition.all : condition.any).flatMap(questionsIn)
}

describe('REQ-SCREEN-UNKNOWN: an unknown answer counts as the worse one', () => {
  const asked = RULES.flatMap(rule =>
    [...new Set(questionsIn(rule.when))]
      .filter(question => question !== 'limbs' && question !== 'points')
      .map(question => [rule.id, question] as const),
  )
  test.each(asked)('%s, where %s is unknown or missing', (id, question) => {
    const [fires, , limbs] = CASES[id]!
    for (const answers of fires)
      for (const unknown of ['unknown', undefined]) {
        const change = { ...answers, [question]: unknown }
        expect([change, verdictOf(id, change, limbs)]).not.toEqual([change, 'silent'])
        const { effect } = RULES.find(rule => rule.id === id)!
        const fired = judged(change, limbs).fired.find(one => one.rule.id === id)!
        const habit = ['T1-SMOKING', 'T1-ALCOHOL', 'T1-DIET'].includes(id)
        expect(fired.effect).toBe(fired.unknown.length > 0 && !habit ? 'refuse' : effect.do)
        if (fired.unknown.length > 0) expect(fired.unknown).toContain(question)
      }
  })

  test('every question can change something, and no rule asks for what nobody is asked', () => {
    const inRules = new Set(RULES.flatMap(rule => questionsIn(rule.when)))
    const asked = QUESTIONS.map(question => question.id)
    expect(asked.filter(id => !inRules.has(id))).toEqual([])
    expect([...inRules].filter(id => !asked.includes(id))).toEqual(expect.arrayContaining(['limbs', 'points']))
    expect([...inRules].filter(id => !asked.includes(id) && id !== 'limbs' && id !== 'points')).toEqual([])
  })

  test('nothing answered: refused, and everything is still to be asked', () => {
    const nothing = Object.fromEntries(QUESTIONS.map(question => [question.id, undefined]))
    const outcome = judged(nothing)
    expect(outcome.result).toBe('refuse')
    expect(outcome.missing.length).toBeGreaterThan(50)
  })

  test('every rule has a reason, a source and what would change it, and every limit of ours is labelled', () => {
    for (const { id, reason, source, lift, effect } of RULES) {
      expect([id, reason, source, lift].every(text => text.length > 0)).toBe(true)
      if ('limits' in effect && effect.limits)
        expect([id, source]).toEqual([id, expect.stringMatching(/project policy/)])
    }
  })
})

test('REQ-SCREEN-LIMBS: whoever wants both legs and arms only gets no leg, and legs alone are refused', () => {
  const weak = { atrial_fibrillation_or_heart_failure: 'yes' }
  expect(judged(weak, ['left-arm', 'left-leg']).limbs).toEqual(['left-arm'])
  expect(judged({ ...bmi(24), leg_joint_damage: 'yes', orthopaedist: 'cleared' }, LEGS).result).toBe('refuse')
})
