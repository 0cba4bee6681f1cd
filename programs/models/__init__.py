"""Programmes, their quotas, languages, pictures, forms and rubrics."""

from programs.models.forms import Criterion, Question
from programs.models.inquiries import Inquiry
from programs.models.pictures import ProgramPicture
from programs.models.programs import CountryQuota, Program, RequiredLanguage

__all__ = ["CountryQuota", "Criterion", "Inquiry", "Program", "ProgramPicture", "Question", "RequiredLanguage"]
