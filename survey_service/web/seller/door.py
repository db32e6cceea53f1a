"""The seller's desk."""

from survey_service.web.audiences import Door

door = Door("seller", __name__, audience="seller", url_prefix="/desk")
