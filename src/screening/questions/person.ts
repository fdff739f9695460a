import { is, not } from '../logic.ts'
import { adverse, NEVER, plain, type Question } from '../question.ts'
import { point, SECTION_II, SECTION_III, sectionI, table1, withPolicy } from '../sources.ts'

/** Who the person is, and what they are used to. */
export const PERSON: readonly Question[] = [
  plain(
    'age_years',
    'Age, in whole years',
    { kind: 'number', unit: 'years', min: 0, max: 120 },
    withPolicy(point(5), 'the age floor is the maker’s'),
  ),
  {
    id: 'sex_at_birth',
    text: 'Sex recorded at birth',
    answer: { kind: 'choice', of: ['male', 'female'] },
    source: point(5),
    worse: ['male', 'female'],
  },
  adverse(
    'hormone_therapy',
    'Takes sex hormones (other than a contraceptive pill)',
    withPolicy(point(5), 'counts as the point for women'),
  ),
  {
    id: 'pregnancy',
    text: 'Pregnant, or has given birth, and a clinician has not said that this no longer counts',
    answer: { kind: 'choice', of: ['no', 'pregnant', 'after birth', 'after caesarean'] },
    source: `${point(5)}; ${sectionI('5, venous thrombosis')}`,
    only: not(is('sex_at_birth', 'male')),
    worse: ['no', 'pregnant', 'after birth', 'after caesarean'],
  },
  {
    id: 'training_history',
    text: 'Exercises regularly, sometimes, or not at all',
    answer: { kind: 'choice', of: ['regularly', 'sometimes', 'not at all'] },
    source: sectionI('6, people who take no exercise'),
    worse: ['regularly', 'sometimes', 'not at all'],
  },
  plain(
    'kaatsu_before',
    'Has trained with pressure on the limbs before',
    { kind: 'yes-no' },
    withPolicy(point(4), 'first sessions get extra care'),
  ),
  adverse('smoking', 'Smokes', table1('lifestyle habits')),
  adverse('alcohol', 'Drinks alcohol daily', table1('lifestyle habits')),
  adverse('diet', 'Eats in a way that a doctor has advised against', table1('lifestyle habits')),
  {
    id: 'relative_male_event_age_years',
    text: 'Youngest age at which the father, a brother or a son had a heart attack, a coronary stent or operation, or died suddenly',
    answer: { kind: 'number', unit: 'years', min: 0, max: 120, or: NEVER },
    source: table1('family medical history'),
  },
  {
    id: 'relative_female_event_age_years',
    text: 'Youngest age at which the mother, a sister or a daughter had a heart attack, a coronary stent or operation, or died suddenly',
    answer: { kind: 'number', unit: 'years', min: 0, max: 120, or: NEVER },
    source: table1('family medical history'),
  },
]

/** What the person feels, has had, and takes. */
export const HISTORY: readonly Question[] = [
  adverse('dvt_history', 'Has had a deep-vein thrombosis', point(5)),
  adverse('hereditary_thrombophilia', 'Has an inherited tendency to thrombosis', point(5)),
  adverse('antiphospholipid', 'Has an antiphospholipid antibody syndrome', point(5)),
  adverse('thrombosis_suspected', 'A thrombosis is suspected now', sectionI('5, venous thrombosis')),
  plain(
    'thrombosis_ultrasound',
    'Vascular ultrasound (or echography) for it, as judged by a doctor',
    { kind: 'choice', of: ['cleared', 'not cleared', 'not done'] },
    sectionI('5, venous thrombosis'),
    not(is('thrombosis_suspected', 'no')),
  ),
  adverse('haemodynamically_unstable', 'The circulation is unstable', point(6)),
  adverse('atrial_fibrillation_or_heart_failure', 'Has atrial fibrillation or heart failure', point(5)),
  adverse(
    'cardiovascular_disease',
    'Has, or has had, any other disease of heart or vessels, or a stroke',
    table1('cardiovascular disease'),
  ),
  adverse(
    'chest_symptoms',
    'Chest pain, chest discomfort, palpitation or shortness of breath',
    table1('subjective symptoms'),
  ),
  adverse(
    'dizziness_fainting_claudication',
    'Dizziness, fainting, or pain in the calves on walking',
    table1('subjective symptoms'),
  ),
  adverse(
    'reflex_syncope',
    'Has fainted at the sight of blood, on standing, or under a cuff',
    `${SECTION_II}, neurally-mediated syncope`,
  ),
  plain(
    'exercise_tolerance_test',
    'Exercise tolerance test, as judged by a doctor',
    { kind: 'choice', of: ['passed', 'not passed', 'not done'] },
    'Table 1, necessity of an exercise tolerance test',
  ),
  adverse('spine_joint_symptoms', 'Symptoms of the spine or of joints', table1('subjective symptoms')),
  adverse('orthopaedic_disorder', 'Has an orthopaedic disorder', table1('orthopedic disorder')),
  adverse('leg_joint_damage', 'Has damage to a joint of the legs', 'Table 2, obesity'),
  plain(
    'orthopaedist',
    'Examined for it by an orthopaedist',
    { kind: 'choice', of: ['cleared', 'not cleared', 'not done'] },
    table1('orthopedic examination and guidance'),
    {
      any: ['spine_joint_symptoms', 'orthopaedic_disorder', 'leg_joint_damage'].map(id => not(is(id, 'no'))),
    },
  ),
  adverse('varicose_veins_legs', 'Varicose veins of the legs', point(5)),
  adverse('prolonged_immobility', 'Has been immobile for a long time, or is so now', point(5)),
  adverse('bedridden', 'Is bedridden', point('7.8')),
  adverse(
    'recent_surgery',
    'Has had an operation lately, and a clinician has not said that it no longer counts',
    `${SECTION_III}; ${point('7.8')}`,
  ),
  adverse('lower_limb_tourniquet', 'A tourniquet was, or will soon be, used on a leg in an operation', point(5)),
  adverse('malignancy', 'Has, or has had, a malignant disease', point(5)),
  adverse('contraceptives_or_steroids', 'Takes oral contraceptives or adrenocortical steroids', point(5)),
  adverse('quadriplegia', 'Is quadriplegic', point(5)),
  adverse('high_haemoglobin', 'Has a high haemoglobin level', point(5)),
  adverse('anticoagulants', 'Takes anticoagulants', point(4)),
  adverse(
    'anticoagulant_condition_serious',
    'The condition that they are taken for is serious',
    point(4),
    not(is('anticoagulants', 'no')),
  ),
  adverse('vibration_with_medication', 'Uses a vibration machine while on medication', point(4)),
  adverse(
    'purpura_or_low_platelets',
    'Has, or has had, purpura or a lack of platelets',
    sectionI('2, petechial hemorrhage'),
  ),
  plain(
    'dermatologist',
    'Examined for it by a dermatologist',
    { kind: 'choice', of: ['cleared', 'not cleared', 'not done'] },
    sectionI('2, petechial hemorrhage'),
    not(is('purpura_or_low_platelets', 'no')),
  ),
  {
    id: 'venous_injury_weeks_ago',
    text: 'Weeks since a vein was injured or hardened under a cuff',
    answer: { kind: 'number', unit: 'weeks', min: 0, max: 5200, or: NEVER },
    source: sectionI('6, venous injury and induration'),
  },
  adverse('exercise_contraindicated', 'A doctor has advised against ordinary exercise', point('7.1')),
  adverse(
    'other_disease',
    'Has another disease, or takes other medicine, that a doctor treats',
    `${sectionI('1, brain hemorrhage')}; ${SECTION_II}`,
  ),
]
