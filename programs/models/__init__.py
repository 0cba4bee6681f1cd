"""Programmes, their quotas, languages, pictures, forms and rubrics."""

from programs.models.forms import Criterion, Question
from programs.models.pictures import ProgramPicture
from programs.models.programs import CountryQuota, Program, RequiredLanguage

__all__ = ["CountryQuota", "Criterion", "Program", "ProgramPicture", "Question", "RequiredLanguage"]
