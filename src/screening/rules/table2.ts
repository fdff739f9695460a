import { all, any, atLeast, below, type Condition, from, is, not, yes } from '../logic.ts'
import { NOT_MEASURED } from '../question.ts'
import { CLOSER_WATCH, type Column, type Graded, NOTHING, type Rule } from '../rule.ts'
import { point, table2, withPolicy } from '../sources.ts'

const WATCH = { do: 'restrict', limits: CLOSER_WATCH } as const
const REFUSE = { do: 'refuse' } as const
const CLINICIAN = { do: 'clinician' } as const
const NOTICE = { do: 'notice' } as const

const grade = (of: Graded, column: Column) => ({ grade: { of, column } })
const PRESSURE = 'high blood pressure'
const MEASURE_IT = 'The measurement.'
const TREAT = 'Treatment by a doctor, and better values.'

const highPressure = any(yes('hypertension'), atLeast('systolic_mmHg', 140), atLeast('diastolic_mmHg', 90))
const untested = (condition: Condition): Condition => all(condition, not(is('exercise_tolerance_test', 'passed')))
const grown = any(
  all(is('sex_at_birth', 'male'), atLeast('age_years', 40)),
  all(is('sex_at_birth', 'female'), atLeast('age_years', 50)),
)
/** "Should undergo an exercise tolerance test if possible": we ask for it. */
const treated = (id: string, answer: string, of: Graded, row: string): Rule => ({
  id,
  when: untested(all(yes(answer), grown)),
  effect: { do: 'test' },
  reason: `In treatment for ${of}, and a man of 40 or more or a woman of 50 or more.`,
  source: withPolicy(table2(row), '40 and 50 themselves count, and "if possible" is read as "first"'),
  lift: 'An exercise tolerance test that a doctor judges as passed.',
  ...grade(of, 'conditional indication'),
})
/** Contraindications of a disease that nobody has looked for. */
const unseen = (id: string, disease: Condition, measurement: string, of: Graded, row: string, what: string): Rule => ({
  id,
  when: all(disease, is(measurement, NOT_MEASURED)),
  effect: CLINICIAN,
  reason: `${what} was not looked at, so that a contraindication of ${of} cannot be ruled out.`,
  source: withPolicy(table2(row), 'what was not looked at is left to a clinician'),
  lift: MEASURE_IT,
})

export const BLOOD_PRESSURE: readonly Rule[] = [
  {
    id: 'BP-180',
    when: any(atLeast('systolic_mmHg', 180), atLeast('diastolic_mmHg', 100)),
    effect: REFUSE,
    reason: 'The blood pressure is 180/100 mmHg or more in one of its two values.',
    source: `${table2(PRESSURE)}; ${point('7.9')}`,
    lift: TREAT,
    ...grade(PRESSURE, 'contraindication'),
  },
  {
    id: 'BP-160',
    when: any(from('systolic_mmHg', 160, 180), from('diastolic_mmHg', 95, 100)),
    effect: REFUSE,
    reason: 'The blood pressure is not below 160/95 mmHg in both of its values.',
    source: withPolicy(
      `${point('7.9')}; ${table2(PRESSURE)}`,
      'the print has "> 95", read as "< 95"; treatment comes first',
    ),
    lift: `${TREAT} A new measurement below 160/95 mmHg.`,
    ...grade(PRESSURE, 'conditional indication'),
  },
  {
    id: 'BP-140',
    when: any(from('systolic_mmHg', 140, 160), from('diastolic_mmHg', 90, 95)),
    effect: WATCH,
    reason: 'The blood pressure is raised (140-159/90-94 mmHg): allowed, under closer watch.',
    source: withPolicy(table2(PRESSURE), 'the limits'),
    lift: 'A lower blood pressure.',
    ...grade(PRESSURE, 'indication'),
  },
  {
    id: 'BP-FLOOR',
    when: below('systolic_above_floor_mmHg', 0),
    effect: REFUSE,
    reason: 'The systolic blood pressure is below the floor that was set for this person.',
    source: 'project policy; the paper names fainting (Point 7.7) and no lower limit',
    lift: 'A new measurement at or above the floor.',
  },
  {
    id: 'BP-AGE',
    when: atLeast('blood_pressure_age_min', 120),
    effect: REFUSE,
    reason: 'The blood pressure was measured two hours ago or more: it has to be of the same visit.',
    source: withPolicy(point('7.9'), 'two hours'),
    lift: 'A new measurement.',
  },
  {
    id: 'BP-KNOWN',
    when: yes('hypertension'),
    effect: WATCH,
    reason: 'Diagnosed high blood pressure: allowed below 160/95 mmHg, under closer watch.',
    source: withPolicy('Section I.1; Table 2, high blood pressure', 'the limits'),
    lift: NOTHING,
    ...grade(PRESSURE, 'indication'),
  },
  treated('BP-TREATED', 'hypertension_treated', PRESSURE, PRESSURE),
  {
    id: 'BP-CTR',
    when: atLeast('ctr_percent', 55),
    effect: REFUSE,
    reason: 'The heart is enlarged on the chest X-ray (cardiothoracic ratio of 55 % or more).',
    source: table2(PRESSURE),
    lift: TREAT,
    ...grade(PRESSURE, 'contraindication'),
  },
  {
    id: 'BP-ECG',
    when: untested(yes('ecg_life_threatening_or_ischaemic')),
    effect: REFUSE,
    reason: 'The ECG shows a life-threatening arrhythmia or an ischaemic change, and no test has shown it to be safe.',
    source: table2(PRESSURE),
    lift: 'An exercise tolerance test that a doctor judges as passed.',
    ...grade(PRESSURE, 'contraindication'),
  },
  {
    id: 'BP-PROTEIN',
    when: atLeast('urinary_protein_mg_dl', 100),
    effect: REFUSE,
    reason: 'Urinary protein of 100 mg/dl or more.',
    source: withPolicy(table2(PRESSURE), '"uric protein" is read as urinary protein'),
    lift: TREAT,
    ...grade(PRESSURE, 'contraindication'),
  },
  {
    id: 'BP-FUNDUS',
    when: is('fundus', 'IIb', 'III', 'IV'),
    effect: REFUSE,
    reason: 'Hypertensive change in the fundus of the eye of grade IIb or more.',
    source: withPolicy(table2(PRESSURE), '"more than IIb" is read as IIb and above'),
    lift: NOTHING,
    ...grade(PRESSURE, 'contraindication'),
  },
  {
    id: 'BP-ECG-UNSEEN',
    when: all(highPressure, is('ecg_taken', 'no')),
    effect: CLINICIAN,
    reason: 'No electrocardiogram was taken, so that a contraindication of high blood pressure cannot be ruled out.',
    source: withPolicy(table2(PRESSURE), 'what was not looked at is left to a clinician'),
    lift: MEASURE_IT,
  },
  unseen('BP-CTR-UNSEEN', highPressure, 'ctr_percent', PRESSURE, PRESSURE, 'The size of the heart'),
  unseen('BP-PROTEIN-UNSEEN', highPressure, 'urinary_protein_mg_dl', PRESSURE, PRESSURE, 'Protein in the urine'),
  unseen('BP-FUNDUS-UNSEEN', highPressure, 'fundus', PRESSURE, PRESSURE, 'The fundus of the eye'),
]

/** Diagnosed, or of a fasting glucose at which Table 2 speaks of it. */
const diabetic = any(yes('diabetes'), atLeast('glucose_fasting', 140))

export const DIABETES: readonly Rule[] = [
  {
    id: 'DM-250',
    when: atLeast('glucose_fasting', 250),
    effect: REFUSE,
    reason: 'Fasting blood glucose of 250 mg/dl (13.9 mmol/l) or more.',
    source: table2('diabetes'),
    lift: TREAT,
    ...grade('diabetes', 'contraindication'),
  },
  {
    id: 'DM-140',
    when: from('glucose_fasting', 140, 250),
    effect: WATCH,
    reason: 'Fasting blood glucose of 140 to 249 mg/dl (7.8 to 13.8 mmol/l).',
    source: withPolicy(table2('diabetes'), 'the limits'),
    lift: TREAT,
    ...grade('diabetes', 'conditional indication'),
  },
  {
    id: 'DM-110',
    when: from('glucose_fasting', 110, 140),
    effect: NOTICE,
    reason: 'Fasting blood glucose of 110 to 139 mg/dl (6.1 to 7.7 mmol/l).',
    source: table2('diabetes'),
    lift: TREAT,
    ...grade('diabetes', 'indication'),
  },
  {
    id: 'DM-KETONES',
    when: is('urinary_ketones', 'positive'),
    effect: REFUSE,
    reason: 'Ketone bodies in the urine.',
    source: table2('diabetes'),
    lift: TREAT,
    ...grade('diabetes', 'contraindication'),
  },
  {
    id: 'DM-RETINOPATHY',
    when: yes('retinopathy'),
    effect: REFUSE,
    reason: 'Diabetic retinopathy, of any degree.',
    source: withPolicy(`${table2('diabetes')}; Section II`, '"poorly controlled" is not asked: any counts'),
    lift: NOTHING,
    ...grade('diabetes', 'contraindication'),
  },
  treated('DM-TREATED', 'diabetes_treated', 'diabetes', 'diabetes'),
  unseen('DM-GLUCOSE-UNSEEN', yes('diabetes'), 'glucose_fasting', 'diabetes', 'diabetes', 'Fasting blood glucose'),
  unseen('DM-KETONES-UNSEEN', diabetic, 'urinary_ketones', 'diabetes', 'diabetes', 'The urine (ketone bodies)'),
  unseen('DM-RETINA-UNSEEN', diabetic, 'retinopathy', 'diabetes', 'diabetes', 'The retina'),
]

export const LIPIDS: readonly Rule[] = [
  {
    id: 'HL-250',
    when: any(atLeast('total_cholesterol', 250), atLeast('triglycerides', 300)),
    effect: WATCH,
    reason: 'Total cholesterol of 250 mg/dl or more, or triglycerides of 300 mg/dl or more.',
    source: withPolicy(table2('hyperlipidemia'), 'the limits'),
    lift: TREAT,
    ...grade('hyperlipidaemia', 'conditional indication'),
  },
  {
    id: 'HL-220',
    when: any(from('total_cholesterol', 220, 250), from('triglycerides', 150, 300)),
    effect: NOTICE,
    reason: 'Total cholesterol of 220 to 249 mg/dl, or triglycerides of 150 to 299 mg/dl.',
    source: table2('hyperlipidemia'),
    lift: TREAT,
    ...grade('hyperlipidaemia', 'indication'),
  },
  treated('HL-TREATED', 'hyperlipidaemia_treated', 'hyperlipidaemia', 'hyperlipidemia'),
  {
    id: 'HL-UNSEEN',
    when: all(yes('hyperlipidaemia'), any(is('total_cholesterol', NOT_MEASURED), is('triglycerides', NOT_MEASURED))),
    effect: WATCH,
    reason: 'Hyperlipidaemia without its values.',
    source: withPolicy(table2('hyperlipidemia'), 'without its values it counts as conditional'),
    lift: MEASURE_IT,
    ...grade('hyperlipidaemia', 'conditional indication'),
  },
]

export const OBESITY: readonly Rule[] = [
  {
    id: 'OB-30',
    when: atLeast('bmi', 30),
    effect: WATCH,
    reason: 'A body mass index of 30 or more.',
    source: withPolicy(table2('obesity'), 'the limits'),
    lift: 'A lower body mass index.',
    ...grade('obesity', 'conditional indication'),
  },
  {
    id: 'OB-30-HEART',
    when: untested(atLeast('bmi', 30)),
    effect: { do: 'test' },
    reason: 'With a body mass index of 30 or more, ischaemic heart disease has to be looked for first.',
    source: withPolicy('Section II, on Table 2', '"recommended" is read as "first"'),
    lift: 'An exercise tolerance test that a doctor judges as passed.',
    ...grade('obesity', 'conditional indication'),
  },
  {
    id: 'OB-24',
    when: from('bmi', 24, 30),
    effect: NOTICE,
    reason: 'A body mass index of 24.0 to 29.9.',
    source: table2('obesity'),
    lift: 'A lower body mass index.',
    ...grade('obesity', 'indication'),
  },
  {
    id: 'OB-JOINT',
    when: all(atLeast('bmi', 24), yes('leg_joint_damage'), not(is('orthopaedist', 'cleared'))),
    effect: CLINICIAN,
    reason: 'Overweight, and a joint of the legs is damaged.',
    source: table2('obesity'),
    lift: 'An orthopaedist examines it and clears the training.',
    ...grade('obesity', 'conditional indication'),
  },
  {
    id: 'OB-JOINT-WATCH',
    when: all(atLeast('bmi', 24), yes('leg_joint_damage')),
    effect: { do: 'restrict', limits: { ...CLOSER_WATCH, arms_only: true } },
    reason: 'Overweight, and a joint of the legs is damaged: arms only.',
    source: withPolicy(table2('obesity'), '"exercise restriction" is read as arms only'),
    lift: NOTHING,
    ...grade('obesity', 'conditional indication'),
  },
]
