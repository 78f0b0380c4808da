"""Predictors as they go over the wire: version 1 for the older tools, version 2 for the newer."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from throughcare.kit.web.schemas import Wire
from throughcare.services.risks_and_needs.predictor.model import Kind, Predictor, PredictorSet
from throughcare.services.risks_and_needs.reference.model import Band, Basis


class GroupReconviction(Wire):
    """OGRS3."""

    one_year: float | None = None
    two_years: float | None = None
    score_level: Band | None = None


class ViolencePredictor(Wire):
    """OVP."""

    ovp_static_weighted_score: float | None = None
    ovp_dynamic_weighted_score: float | None = None
    ovp_total_weighted_score: float | None = None
    one_year: float | None = None
    two_years: float | None = None
    ovp_risk: Band | None = None


class GeneralPredictor(Wire):
    """OGP."""

    ogp_static_weighted_score: float | None = None
    ogp_dynamic_weighted_score: float | None = None
    ogp_total_weighted_score: float | None = None
    ogp1_year: float | None = None
    ogp2_year: float | None = None
    ogp_risk: Band | None = None


class SeriousRecidivism(Wire):
    """RSR."""

    percentage_score: float | None = None
    static_or_dynamic: Basis | None = None
    source: str | None = None
    algorithm_version: str | None = None
    score_level: Band | None = None


class SexualPredictor(Wire):
    """OSP."""

    osp_indecent_percentage_score: float | None = None
    osp_contact_percentage_score: float | None = None
    osp_indecent_score_level: Band | None = None
    osp_contact_score_level: Band | None = None
    osp_indirect_image_percentage_score: float | None = None
    osp_direct_contact_percentage_score: float | None = None
    osp_indirect_image_score_level: Band | None = None
    osp_direct_contact_score_level: Band | None = None


class OutputV1(Wire):
    """The older tools' scores."""

    group_reconviction_score: GroupReconviction
    violence_predictor_score: ViolencePredictor
    general_predictor_score: GeneralPredictor
    risk_of_serious_recidivism_score: SeriousRecidivism
    sexual_predictor_score: SexualPredictor


class Score(Wire):
    """A score with its band."""

    score: float | None = None
    band: Band | None = None


class BasedScore(Score):
    """A score, its band and its basis."""

    static_or_dynamic: Basis | None = None


class VersionedScore(BasedScore):
    """A score with the version of its algorithm."""

    algorithm_version: str | None = None


class RsrOutputV2(Wire):
    """The serious and sexual scores of the newer tools."""

    serious_violent_reoffending_predictor: BasedScore
    direct_contact_sexual_reoffending_predictor: Score
    indirect_image_contact_sexual_reoffending_predictor: Score
    combined_serious_reoffending_predictor: VersionedScore


class OutputV2(RsrOutputV2):
    """The newer tools' scores."""

    all_reoffending_predictor: BasedScore
    violent_reoffending_predictor: BasedScore


class RsrOutputV1(Wire):
    """The serious and sexual scores of the older tools."""

    rsr_percentage_score: float | None = None
    rsr_score_level: Band | None = None
    ospc_percentage_score: float | None = None
    ospc_score_level: Band | None = None
    ospi_percentage_score: float | None = None
    ospi_score_level: Band | None = None
    ospii_percentage_score: float | None = None
    ospii_score_level: Band | None = None
    ospdc_percentage_score: float | None = None
    ospdc_score_level: Band | None = None
    static_or_dynamic: Basis | None = None
    algorithm_version: str | None = None


class VersionedPredictors(Wire):
    """The predictors of an assessment in the form of their generation."""

    completed_date: datetime | None = None
    status: str
    assessment_type: str
    output_version: Literal["1", "2"]
    output: OutputV1 | OutputV2

    @classmethod
    def of(cls, found: PredictorSet) -> VersionedPredictors:
        """Every predictor of the assessment."""
        output = _newer(found) if found.new_generation else _older(found)
        return cls(**_heading(found), output=output)


class VersionedRsr(Wire):
    """The serious reoffending predictors of an assessment in the form of their generation."""

    completed_date: datetime | None = None
    status: str
    assessment_type: str
    output_version: Literal["1", "2"]
    output: RsrOutputV1 | RsrOutputV2

    @classmethod
    def of(cls, found: PredictorSet) -> VersionedRsr:
        """The serious reoffending predictors of the assessment."""
        return cls(**_heading(found), output=_newer_rsr(found) if found.new_generation else _older_rsr(found))


def _heading(found: PredictorSet) -> dict[str, object]:
    one = found.assessment
    return {
        "completed_date": one.completed_at, "status": str(one.status), "assessment_type": str(one.layer),
        "output_version": "2" if found.new_generation else "1",
    }  # fmt: skip


def _older(found: PredictorSet) -> OutputV1:
    combined, sexual = found.best(Kind.COMBINED_SERIOUS), _older_rsr(found)
    group = found.find(Kind.ALL_REOFFENDING, Basis.STATIC)
    violence = found.best(Kind.VIOLENT_REOFFENDING)
    general = found.find(Kind.ALL_REOFFENDING, Basis.DYNAMIC)
    return OutputV1(
        group_reconviction_score=GroupReconviction(
            one_year=_of(group, "one_year"), two_years=_of(group, "score"), score_level=_band(group)
        ),
        violence_predictor_score=ViolencePredictor(
            ovp_static_weighted_score=_of(violence, "static_weight"), one_year=_of(violence, "one_year"),
            ovp_dynamic_weighted_score=_of(violence, "dynamic_weight"), two_years=_of(violence, "score"),
            ovp_total_weighted_score=_of(violence, "total_weight"), ovp_risk=_band(violence),
        ),
        general_predictor_score=GeneralPredictor(
            ogp_static_weighted_score=_of(general, "static_weight"), ogp1_year=_of(general, "one_year"),
            ogp_dynamic_weighted_score=_of(general, "dynamic_weight"), ogp2_year=_of(general, "score"),
            ogp_total_weighted_score=_of(general, "total_weight"), ogp_risk=_band(general),
        ),
        risk_of_serious_recidivism_score=SeriousRecidivism(
            percentage_score=sexual.rsr_percentage_score, static_or_dynamic=sexual.static_or_dynamic,
            source="OASYS" if combined else None, algorithm_version=sexual.algorithm_version,
            score_level=sexual.rsr_score_level,
        ),
        sexual_predictor_score=SexualPredictor(
            osp_indecent_percentage_score=sexual.ospi_percentage_score,
            osp_contact_percentage_score=sexual.ospc_percentage_score,
            osp_indecent_score_level=sexual.ospi_score_level, osp_contact_score_level=sexual.ospc_score_level,
            osp_indirect_image_percentage_score=sexual.ospii_percentage_score,
            osp_direct_contact_percentage_score=sexual.ospdc_percentage_score,
            osp_indirect_image_score_level=sexual.ospii_score_level,
            osp_direct_contact_score_level=sexual.ospdc_score_level,
        ),
    )  # fmt: skip


def _older_rsr(found: PredictorSet) -> RsrOutputV1:
    combined = found.best(Kind.COMBINED_SERIOUS)
    image, contact = found.best(Kind.INDIRECT_IMAGE_SEXUAL), found.best(Kind.DIRECT_CONTACT_SEXUAL)
    older_image, older_contact = found.best(Kind.INDECENT_IMAGE_SEXUAL), found.best(Kind.CONTACT_SEXUAL)
    return RsrOutputV1(
        rsr_percentage_score=_of(combined, "score"), rsr_score_level=_band(combined),
        ospc_percentage_score=_of(older_contact, "score"), ospc_score_level=_band(older_contact),
        ospi_percentage_score=_of(older_image, "score"), ospi_score_level=_band(older_image),
        ospii_percentage_score=_of(image, "score"), ospii_score_level=_band(image),
        ospdc_percentage_score=_of(contact, "score"), ospdc_score_level=_band(contact),
        static_or_dynamic=combined.basis if combined else None,
        algorithm_version=combined.algorithm_version if combined else None,
    )  # fmt: skip


def _newer(found: PredictorSet) -> OutputV2:
    return OutputV2(
        all_reoffending_predictor=_based(found, Kind.ALL_REOFFENDING),
        violent_reoffending_predictor=_based(found, Kind.VIOLENT_REOFFENDING),
        **dict(_newer_rsr(found)),
    )


def _newer_rsr(found: PredictorSet) -> RsrOutputV2:
    combined = found.best(Kind.COMBINED_SERIOUS)
    contact, image = found.best(Kind.DIRECT_CONTACT_SEXUAL), found.best(Kind.INDIRECT_IMAGE_SEXUAL)
    return RsrOutputV2(
        serious_violent_reoffending_predictor=_based(found, Kind.SERIOUS_VIOLENT_REOFFENDING),
        direct_contact_sexual_reoffending_predictor=Score(score=_of(contact, "score"), band=_band(contact)),
        indirect_image_contact_sexual_reoffending_predictor=Score(score=_of(image, "score"), band=_band(image)),
        combined_serious_reoffending_predictor=VersionedScore(
            **dict(_based(found, Kind.COMBINED_SERIOUS)),
            algorithm_version=combined.algorithm_version if combined else None,
        ),
    )


def _based(found: PredictorSet, kind: Kind) -> BasedScore:
    one = found.best(kind)
    return BasedScore(score=_of(one, "score"), band=_band(one), static_or_dynamic=one.basis if one else None)


def _of(one: Predictor | None, name: str) -> float | None:
    value = getattr(one, name, None)
    return None if value is None else float(value)


def _band(one: Predictor | None) -> Band | None:
    return one.band if one else None
