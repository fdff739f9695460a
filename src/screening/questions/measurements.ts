import { any, atLeast, is, not } from '../logic.ts'
import { adverse, type Kind, NOT_MEASURED, plain, type Question, rising } from '../question.ts'
import { POLICY, point, table1, table2, withPolicy } from '../sources.ts'

/** mmol/l to mg/dl, from molar masses of 180.16 (glucose), 386.65 (cholesterol) and 885.7 g/mol (triglycerides). */
const GLUCOSE: Kind = { kind: 'measure', units: { 'mg/dl': 1, 'mmol/l': 18.016 }, min: 20, max: 1_000 }
const CHOLESTEROL: Kind = { kind: 'measure', units: { 'mg/dl': 1, 'mmol/l': 38.665 }, min: 50, max: 1_000 }
const TRIGLYCERIDES: Kind = { kind: 'measure', units: { 'mg/dl': 1, 'mmol/l': 88.57 }, min: 20, max: 5_000 }

const isNot = (id: string) => not(is(id, 'no'))
const ecg = isNot('ecg_taken')

/** What was measured, and the lifestyle diseases that the measurements belong to. */
export const MEASUREMENTS: readonly Question[] = [
  // Neither more nor less is milder: there is a floor too.
  plain(
    'systolic_mmHg',
    'Systolic blood pressure at rest',
    { kind: 'number', unit: 'mmHg', min: 40, max: 300 },
    point('7.9'),
  ),
  rising(
    'diastolic_mmHg',
    'Diastolic blood pressure at rest',
    { kind: 'number', unit: 'mmHg', min: 20, max: 250 },
    point('7.9'),
  ),
  plain(
    'blood_pressure_at',
    'When it was measured',
    { kind: 'time' },
    withPolicy(point('7.9'), 'the reading is of the same visit'),
  ),
  rising(
    'systolic_floor_mmHg',
    'Systolic blood pressure below which this person must not begin, as you set it',
    { kind: 'number', unit: 'mmHg', min: 70, max: 150 },
    `${POLICY}; the paper names fainting and no lower limit`,
  ),
  adverse('hypertension', 'Has high blood pressure, diagnosed', table1('lifestyle-related diseases')),
  adverse('hypertension_treated', 'Is treated for it', table2('high blood pressure'), isNot('hypertension')),
  rising(
    'ctr_percent',
    'Cardiothoracic ratio on a chest X-ray',
    { kind: 'number', unit: '%', min: 20, max: 90, or: NOT_MEASURED },
    table2('high blood pressure'),
  ),
  rising(
    'urinary_protein_mg_dl',
    'Urinary protein',
    { kind: 'number', unit: 'mg/dl', min: 0, max: 5_000, or: NOT_MEASURED },
    table2('high blood pressure'),
  ),
  {
    id: 'fundus',
    text: 'Hypertensive change in the fundus of the eye, by its grade',
    answer: { kind: 'choice', of: ['none', NOT_MEASURED, 'I', 'IIa', 'IIb', 'III', 'IV'] },
    source: table2('high blood pressure'),
    worse: ['none', 'I', 'IIa', 'IIb', 'III', 'IV'],
  },
  plain('ecg_taken', 'A resting electrocardiogram was taken', { kind: 'yes-no' }, table1('resting electrocardiogram')),
  adverse('ecg_infarction', 'It shows a myocardial infarction', table1('resting electrocardiogram'), ecg),
  adverse('ecg_st_t', 'It shows an abnormal ST-T segment', table1('resting electrocardiogram'), ecg),
  adverse('ecg_ventricular_arrhythmia', 'It shows a ventricular arrhythmia', table1('resting electrocardiogram'), ecg),
  adverse(
    'ecg_life_threatening_or_ischaemic',
    'It shows a life-threatening arrhythmia or an ischaemic change',
    table2('high blood pressure'),
    ecg,
  ),
  adverse('ecg_other', 'It shows something else of importance', table1('resting electrocardiogram'), ecg),
  adverse('diabetes', 'Has diabetes', table1('lifestyle-related diseases')),
  adverse('diabetes_treated', 'Is treated for it', table2('diabetes'), isNot('diabetes')),
  rising('glucose_fasting', 'Fasting blood glucose', GLUCOSE, table2('diabetes')),
  {
    id: 'urinary_ketones',
    text: 'Ketone bodies in the urine',
    answer: { kind: 'choice', of: ['negative', 'positive', NOT_MEASURED] },
    source: table2('diabetes'),
    worse: ['negative', 'positive'],
  },
  {
    id: 'retinopathy',
    text: 'Diabetic retinopathy',
    answer: { kind: 'choice', of: ['no', 'yes', NOT_MEASURED] },
    source: table2('diabetes'),
    only: any(isNot('diabetes'), atLeast('glucose_fasting', 140)),
    worse: ['no', 'yes'],
  },
  adverse('hyperlipidaemia', 'Has hyperlipidaemia, diagnosed', `${table1('lifestyle-related diseases')}; ${point(5)}`),
  adverse('hyperlipidaemia_treated', 'Is treated for it', table2('hyperlipidemia'), isNot('hyperlipidaemia')),
  rising('total_cholesterol', 'Total cholesterol', CHOLESTEROL, table2('hyperlipidemia')),
  rising('triglycerides', 'Triglycerides', TRIGLYCERIDES, table2('hyperlipidemia')),
  plain('height_cm', 'Height', { kind: 'number', unit: 'cm', min: 100, max: 250 }, table2('obesity')),
  rising('weight_kg', 'Weight', { kind: 'number', unit: 'kg', min: 25, max: 350 }, table2('obesity')),
]
