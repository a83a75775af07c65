"""The clock of the room."""

from procrastinate.contrib.django import app

from homeground.insights import services


@app.periodic(cron="23 * * * *")
@app.task(name="insights.predict", queueing_lock="insights.predict", pass_context=False)
def predict(timestamp: int) -> None:
    """Every hour: has the brand's night come? Then everybody's next purchase, once a day."""
    services.predict_tonight()


@app.task(name="insights.predict_now", pass_context=False)
def predict_now() -> None:
    """Somebody asked for it on the page."""
    services.predict(by="console")
