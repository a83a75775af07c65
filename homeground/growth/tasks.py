"""The clock and the jobs of the room."""

from procrastinate.contrib.django import app

from homeground.growth.services import pictures, placing


@app.task(name="growth.place")
def place_door(door_id: int) -> None:
    """Bring the platform in step with one door."""
    placing.place_door(door_id)


@app.periodic(cron="* * * * *")
@app.task(name="growth.mind_doors", queueing_lock="growth.mind_doors", pass_context=False)
def mind_doors(timestamp: int) -> None:
    """Every minute: shifts that changed, limits that were reached, groups that filled, calls that failed before."""
    placing.mind_doors()
    pictures.upload_pictures()
